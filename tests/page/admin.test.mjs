// The pages for administrators: the scrubber, the check, the overview, the audit trail, users and projects.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {row, sure, told, walk} from './walk.mjs';

const it = walk('[trash]\nscrub_time = 2\nwakeup_time = "5m"\n');

test('the scrubber says what it would do, does it, and what it did', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'due'}, randomBytes(5000));
  await it.go('scrubber');
  await page.getByText('Deleted images are kept for').waitFor();
  await page.getByRole('button', {name: 'Dry run'}).click();
  await page.getByText('A run now would scrub 0 images').waitFor();
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await page.getByRole('button', {name: 'Run now'}).click();
  await told(page, 'Scrubbed');
  await page.getByRole('table', {name: 'Last runs'}).getByText('requested').first().waitFor();
});

test('what is blocked says why, and is tried again at once', async (t) => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'stuck'}, randomBytes(5000));
  const release = appliance.pin(id);
  if (!release) return t.skip('nothing here can be kept from root');
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await until(async () => (await appliance.ask('GET', '/api/scrubber')).blocked.length === 1, 'it is blocked');
  await it.go('scrubber');
  await page.locator('li').filter({hasText: 'stuck'}).getByText(/cannot remove/).waitFor();
  // Each failure doubles the scrubber's retry delay, so that its own retry does not come before the click.
  for (let i = 0; i < 6; ++i) await appliance.ask('POST', '/api/scrubber/run', {});
  release();
  await page.getByRole('button', {name: 'Try again now'}).click();
  await told(page, 'Scrubbed 1 image');
  await page.getByRole('button', {name: 'Try again now'}).waitFor({state: 'detached'});
});

test('an upload that another client begins and leaves alone tells how far it is, and when it ends', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'half'});
  const about = {'Tus-Resumable': '1.0.0'};
  const begun = await fetch(`${appliance.url}/api/uploads`, {method: 'POST', headers: {...about,
    'Upload-Length': '4096', 'Upload-Metadata': `image_id ${Buffer.from(id).toString('base64')}`}});
  assert.equal(begun.status, 201);
  const upload = begun.headers.get('Location');
  const half = {method: 'PATCH', body: randomBytes(2048), headers: {...about, 'Upload-Offset': '0',
    'Content-Type': 'application/offset+octet-stream'}};
  await it.go('scrubber');
  const line = page.getByRole('listitem').filter({hasText: 'half'});
  await line.getByText('0 B of 4.0 KiB').waitFor();
  assert.equal((await fetch(upload, half)).status, 204);
  await line.getByText(/2\.0 KiB of 4\.0 KiB · expires in .* unless more data arrives/).waitFor();
  await line.getByRole('link').click();
  const article = page.locator('article.image');
  await article.getByText('2.0 KiB of 4.0 KiB').waitFor();
  assert.equal((await fetch(upload, {method: 'DELETE', headers: about})).status, 204);
  await article.getByRole('status').getByText('the upload was ended').waitFor();
  await article.getByText('2.0 KiB of 4.0 KiB').waitFor({state: 'detached'});
  await appliance.ask('DELETE', `/v2/images/${id}`);
});

test('a check compares catalog and stores', async () => {
  const {page} = it;
  await it.go('scrubber');
  await page.getByRole('button', {name: 'Check now'}).click();
  await page.getByText(/no problems found, \d+ items compared/).waitFor();
});

test('what works in the background says when it is due, and what went wrong', async () => {
  const {page, appliance} = it;
  await it.go('scrubber');
  const workers = page.getByRole('table', {name: 'Background tasks'});
  await row(workers, 'Scrubber').getByText(/^in |^now$|^running$/).waitFor();
  await row(workers, 'Upload repair').waitFor();
  const status = await appliance.ask('GET', '/api/status');
  Object.assign(status.workers.find((each) => each.name === 'audit_trail'), {failures: 3, failures_in_a_row: 1,
    last_error: 'the disk <b>is</b> full', last_error_at: status.time});
  await page.route('**/api/status', (route) => route.fulfill({json: status}));
  await page.reload();
  await row(workers, 'Audit trail').getByText('the disk <b>is</b> full').waitFor();
  await row(workers, 'Audit trail').getByRole('cell', {name: '3', exact: true}).waitFor();
  await it.go('overview');
  await page.getByText('Audit trail failed and will be retried: the disk <b>is</b> full').waitFor();
  await page.unroute('**/api/status');
});

test('the overview tells what there is', async () => {
  const {page, appliance} = it;
  await appliance.image({name: 'counted'}, randomBytes(2048));
  await appliance.image({name: 'waiting'});
  await it.go('overview');
  const tile = page.locator('.tile').filter({hasText: 'Images'});
  await tile.getByText('2', {exact: true}).waitFor();
  await page.getByText(/free of/).waitFor();
  await page.getByRole('table', {name: 'Activity'}).getByText('created').first().waitFor();
});

test('the trail is filtered by what was done', async () => {
  const {page} = it;
  await it.go('activity');
  await page.getByLabel('Action').selectOption('image.upload');
  await page.getByRole('table').getByText('uploaded data').first().waitFor();
  await row(page, 'counted').getByRole('cell', {name: '2.0 KiB', exact: true}).waitFor();
  await until(async () => await page.getByRole('cell', {name: /^created/}).count() === 0, 'nothing else is listed');
});

test('users, roles and projects are made, changed and deleted', async () => {
  const {page, appliance} = it;
  await it.go('people');
  await page.getByRole('button', {name: 'New project'}).click();
  await page.locator('dialog').getByLabel('Name').fill('lab');
  await page.locator('dialog').getByRole('button', {name: 'Create'}).click();
  await told(page, 'Created project lab');
  await page.getByRole('button', {name: 'New user'}).click();
  const dialog = page.locator('dialog');
  await dialog.getByLabel('User name').fill('alice');
  await dialog.getByLabel('Password').fill('a long enough password');
  await dialog.getByLabel('Project').selectOption({label: 'lab'});
  await dialog.getByLabel('Role').selectOption('reader');
  await dialog.getByRole('button', {name: 'Create'}).click();
  await row(page, 'alice').getByText('reader in lab').waitFor();
  await page.getByRole('button', {name: 'Assign a role to alice'}).click();
  await dialog.getByLabel('Role').selectOption('admin');
  await dialog.getByRole('button', {name: 'Assign role'}).click();
  await row(page, 'alice').getByText(/admin in/).waitFor();
  await page.getByRole('button', {name: /^Remove reader in lab/}).click();
  await row(page, 'alice').getByText('reader in lab').waitFor({state: 'detached'});
  await row(page, 'alice').getByText('enabled').click();
  await row(page, 'alice').getByText('disabled').waitFor();
  const {users} = await appliance.ask('GET', '/v3/users?name=alice');
  assert.equal(users[0].enabled, false);
  await page.getByRole('button', {name: 'Delete alice'}).click();
  await sure(page, 'Delete', 'alice');
  await told(page, 'Deleted user alice');
  await page.getByRole('button', {name: 'Delete lab'}).click();
  await sure(page, 'Delete', 'lab');
  await told(page, 'Deleted project lab');
});

test('language and colours are chosen, and stay', async () => {
  const {page} = it;
  await it.go('account');
  await page.getByLabel('Theme').selectOption('dark');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.getByLabel('Language').selectOption('zh-CN');
  await page.getByRole('heading', {name: '账户'}).waitFor();
  await page.reload();
  await page.getByRole('heading', {name: '账户'}).waitFor();
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN');
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
  await page.getByLabel('语言').selectOption('en');
});
