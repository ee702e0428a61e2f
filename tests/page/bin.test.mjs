// The recycle bin: its entries, restoring, deleting for good.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {row, sure, told, walk} from './walk.mjs';

const it = walk();

async function binned(name) {
  const id = await it.appliance.image({name, tags: ['kept']}, randomBytes(1000));
  await it.appliance.ask('DELETE', `/v2/images/${id}`);
  return id;
}

test('an empty bin says what it is for', async () => {
  await it.go('bin');
  await it.page.getByText('The bin is empty').waitFor();
});

test('it shows who deleted what and when it is scrubbed, and gives it back whole', async () => {
  const {page, appliance} = it;
  const id = await binned('precious');
  await it.go('bin');
  const entry = row(page, 'precious');
  await entry.getByText('admin', {exact: true}).waitFor();
  // The page's clock moves every half minute, so it can be slightly behind.
  await entry.getByText(/^scrubbed in (6 d 23 h|7 d.*)$/).waitFor();
  await page.getByText('1 image in the bin, 1,000 B').waitFor();
  await entry.getByRole('button', {name: 'Restore'}).click();
  await told(page, 'Restored precious');
  assert.deepEqual((await appliance.ask('GET', `/v2/images/${id}`)).tags, ['kept']);
});

test('an image in the bin can be looked at, and taken back there', async () => {
  const {page, appliance} = it;
  const id = await binned('looked at');
  await it.go('bin');
  await page.getByRole('link', {name: 'looked at'}).click();
  await page.getByText('This image is in the recycle bin.').waitFor();
  await page.getByRole('button', {name: 'Restore'}).click();
  await page.getByRole('button', {name: 'Deactivate'}).waitFor();
  assert.equal((await appliance.ask('GET', `/v2/images/${id}`)).status, 'active');
});

test('delete now asks for the name, and then it is gone', async () => {
  const {page, appliance} = it;
  const id = await binned('secret');
  await it.go('bin');
  await row(page, 'secret').getByRole('button', {name: 'Delete secret now'}).click();
  await page.locator('dialog[open]').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({state: 'detached'});
  await row(page, 'secret').getByRole('button', {name: 'Delete secret now'}).click();
  await sure(page, 'Delete now', 'secret');
  await told(page, 'Scrubbed 1 image');
  await assert.rejects(appliance.ask('GET', `/api/trash/${id}`), /404/);
});

test('several at once', async () => {
  const {page, appliance} = it;
  for (const name of ['one', 'two', 'three', 'four']) await binned(name);
  await it.go('bin');
  await page.getByLabel('Select one', {exact: true}).check();
  await page.getByLabel('Select two', {exact: true}).check();
  await page.getByRole('toolbar').getByRole('button', {name: 'Restore'}).click();
  await told(page, 'Restored 2 images');
  for (const name of ['one', 'two']) await row(page, name).waitFor({state: 'detached'});
  await page.getByLabel('Select all on this page').check();
  await page.getByRole('toolbar').getByRole('button', {name: 'Delete now'}).click();
  await sure(page, 'Delete now', '2');
  await told(page, 'Scrubbed 2 images');
  assert.equal((await appliance.ask('GET', '/api/trash')).trash.length, 0);
});

test('emptying asks for a word', async () => {
  const {page, appliance} = it;
  await binned('a');
  await binned('b');
  await it.go('bin');
  await page.getByRole('button', {name: 'Empty the bin'}).click();
  await sure(page, 'Empty the bin', 'empty');
  await told(page, 'Scrubbed 2 images');
  assert.equal((await appliance.ask('GET', '/api/trash')).trash.length, 0);
});

test('what cannot be scrubbed says why', async (t) => {
  const {page, appliance} = it;
  if (!appliance.pin(await binned('stuck'))) return t.skip('nothing here can be kept from root');
  await it.go('bin');
  await row(page, 'stuck').getByRole('button', {name: 'Delete stuck now'}).click();
  await sure(page, 'Delete now', 'stuck');
  await until(async () => await row(page, 'stuck').locator('.blocked').count() === 1, 'the reason');
});
