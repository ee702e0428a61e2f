// Images as a person uses them: find, view, change, download, delete by mistake, restore.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {readFileSync} from 'node:fs';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {row, sure, told, walk} from './walk.mjs';

const it = walk();
const shown = (id) => it.appliance.ask('GET', `/v2/images/${id}`);

test('an empty appliance says what to do', async () => {
  await it.go('images');
  await it.page.getByText('No images yet').waitFor();
});

test('an image that another client makes appears by itself', async () => {
  const id = await it.appliance.image({name: 'from elsewhere'});
  await it.page.getByRole('link', {name: 'from elsewhere'}).waitFor();
  await it.appliance.ask('DELETE', `/v2/images/${id}`);
});

test('a search, filters and an order find images, and live in the address', async () => {
  const {page, appliance} = it;
  for (const [name, size] of [['apple', 3000], ['banana', 1000], ['cherry', 2000]])
    await appliance.image({name, tags: name === 'apple' ? ['fruit-basket'] : []}, randomBytes(size));
  await appliance.image({name: 'empty one'});
  await it.go('images');
  const names = () => page.locator('td.main > a:first-child').allTextContents();
  await page.getByRole('button', {name: 'Name'}).click();
  await until(async () => (await names()).join() === 'apple,banana,cherry,empty one', 'by name');
  await page.getByRole('button', {name: 'Size'}).click();
  await until(async () => (await names()).slice(0, 3).join() === 'apple,cherry,banana', 'by size');
  await page.getByLabel('Status').selectOption('queued');
  await until(async () => (await names()).join() === 'empty one', 'by status');
  await page.reload();
  await until(async () => (await names()).join() === 'empty one', 'after a reload');
  await page.getByLabel('Status').selectOption('');
  await page.keyboard.press('Escape');
  await page.locator('body').press('/');
  await page.keyboard.insertText('BASKET');
  await until(async () => (await names()).join() === 'apple', 'by a part of a tag');
  await page.getByRole('searchbox').fill('no such thing');
  await page.getByText('Nothing found').waitFor();
  await page.getByRole('button', {name: 'Clear filters'}).click();
  await until(async () => (await names()).length === 4, 'all of them');
});

test('pages follow each other, there and back', async () => {
  const {page, appliance} = it;
  await Promise.all(Array.from({length: 205}, (_, i) => appliance.image({name: `many ${i}`, tags: ['many']})));
  await it.go('images?tag=many&sort=name:asc');
  const pager = page.getByRole('navigation', {name: 'Pages'});
  await pager.getByText('1–100').waitFor();
  await until(async () => await page.locator('td.main > a:first-child').first().textContent() === 'many 0', 'by name');
  const first = await page.locator('td.main > a:first-child').first().textContent();
  await pager.getByRole('button', {name: 'Next'}).click();
  await pager.getByText('101–200').waitFor();
  await pager.getByRole('button', {name: 'Next'}).click();
  await pager.getByText('201–205').waitFor();
  await pager.getByRole('button', {name: 'Back'}).click();
  await pager.getByText('101–200').waitFor();
  await pager.getByRole('button', {name: 'Back'}).click();
  await pager.getByText('1–100').waitFor();
  assert.equal(await page.locator('td.main > a:first-child').first().textContent(), first);
});

test('until the next page is there, its rows and its numbers are those of the one before', async () => {
  const {page} = it;
  const pager = page.getByRole('navigation', {name: 'Pages'});
  await it.go('images?tag=many&sort=name:asc');
  await pager.getByText('1–100').waitFor();
  await until(async () => await page.locator('td.main > a:first-child').first().textContent() === 'many 0', 'by name');
  const first = page.locator('td.main > a:first-child').first();
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/v2/images?*', async (route) => {
    await held;
    await route.continue();
  });
  const next = pager.getByRole('button', {name: 'Next'});
  await next.click();
  await next.click();  // a second click while the page is loading
  await pager.getByText('1–100').waitFor();
  assert.equal(await first.textContent(), 'many 0');
  release();
  await pager.getByText('101–200').waitFor();
  assert.equal(await first.textContent(), 'many 189');
  await page.unrouteAll({behavior: 'wait'});
  await next.click();
  await pager.getByText('201–205').waitFor();
});

test('an image is changed where it stands', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'plain', os_distro: 'debian'}, randomBytes(5000));
  await it.go(`images/${id}`);
  await page.getByRole('button', {name: 'Edit: Name'}).click();
  await page.getByRole('textbox', {name: 'Name'}).fill('renamed');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'renamed Edit: Name'}).waitFor();  // and the field is closed
  await page.getByRole('button', {name: 'Edit: Visibility'}).click();
  await page.getByLabel('Visibility').selectOption('public');
  await page.getByRole('button', {name: 'Save'}).click();
  await page.getByRole('button', {name: 'Save'}).waitFor({state: 'detached'});
  await page.getByRole('button', {name: 'Edit: Minimum disk'}).click();
  await page.getByLabel('Minimum disk').fill('20');
  await page.keyboard.press('Enter');
  await page.getByText('20 GiB').waitFor();
  await page.getByRole('button', {name: 'Edit: os_distro'}).click();
  await page.getByLabel('os_distro').first().fill('ubuntu');
  await page.keyboard.press('Enter');
  await page.getByText('ubuntu').waitFor();
  await page.getByLabel('Property', {exact: true}).fill('a/b~c');
  await page.getByLabel('Value', {exact: true}).fill('two words');
  await page.getByLabel('Value', {exact: true}).press('Enter');
  await page.getByText('two words').waitFor();
  await page.getByLabel('New tag').fill('golden');
  await page.getByLabel('New tag').press('Enter');
  await page.locator('.chip', {hasText: 'golden'}).waitFor();
  const image = await shown(id);
  assert.equal(image.name, 'renamed');
  assert.equal(image.visibility, 'public');
  assert.equal(image.min_disk, 20);
  assert.equal(image.os_distro, 'ubuntu');
  assert.equal(image['a/b~c'], 'two words');
  assert.deepEqual(image.tags, ['golden']);
  await page.getByRole('button', {name: 'Remove golden'}).click();
  await page.getByRole('button', {name: 'Remove os_distro'}).click();
  await until(async () => (await shown(id)).tags.length === 0 && !('os_distro' in await shown(id)), 'both are gone');
});

test('what the appliance refuses is said in its own words, and nothing is lost', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'stubborn'});
  await it.go(`images/${id}`);
  await page.getByLabel('Property', {exact: true}).fill('owner_specified.x');
  await page.getByLabel('Value', {exact: true}).fill('v'.repeat(70_000));
  await page.getByLabel('Value', {exact: true}).press('Enter');
  await page.locator('.toast.error').waitFor();
  assert.equal(await page.getByLabel('Property', {exact: true}).inputValue(), 'owner_specified.x');
});

test('an image is shared with a project, and no longer', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'for two', visibility: 'shared'});
  await it.go(`images/${id}`);
  await page.getByLabel('Project ID').fill('other-project');
  await page.getByRole('button', {name: 'Share'}).click();
  await row(page, 'other-project').getByText('pending').waitFor();
  await page.getByRole('button', {name: 'Remove other-project'}).click();
  await page.getByText('The image is not shared with any project.').waitFor();
});

test('deactivating and protecting', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'held'}, randomBytes(2000));
  await it.go(`images/${id}`);
  await page.getByRole('button', {name: 'Deactivate'}).click();
  await page.locator('.badge', {hasText: 'deactivated'}).waitFor();
  assert.equal((await shown(id)).status, 'deactivated');
  await page.getByRole('button', {name: 'Reactivate'}).click();
  await page.getByRole('button', {name: 'Protect', exact: true}).click();
  const unprotect = page.getByRole('button', {name: 'Unprotect'});
  await unprotect.waitFor();
  assert.equal(await page.getByRole('button', {name: 'Delete', exact: true}).isDisabled(), true);
  await unprotect.click();
  await page.getByRole('button', {name: 'Protect', exact: true}).waitFor();
});

test('a download is the very bytes, and the browser streams it', async () => {
  const {page, appliance} = it;
  const data = randomBytes(3_000_000);
  const id = await appliance.image({name: 'my image/1'}, data);
  await it.go(`images/${id}`);
  const button = page.getByRole('button', {name: 'Download'});
  const [download] = await Promise.all([page.waitForEvent('download'), button.click()]);
  assert.equal(download.suggestedFilename(), 'my-image-1.img');
  const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');
  assert.equal(digest(readFileSync(await download.path())), digest(data));
});

test('commands to copy name the image and this very address', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: "it's"}, randomBytes(10));
  await it.go(`images/${id}`);
  await page.getByRole('button', {name: 'Commands'}).click();
  await page.locator('dialog code').first().waitFor();
  const commands = await page.locator('dialog code').allTextContents();
  assert.ok(commands.includes(`openstack --os-auth-type none --os-endpoint ${appliance.url} image show ${id}`));
  const data = `${appliance.url}/v2/images/${id}/file`;
  assert.ok(commands.some((each) => each.startsWith('curl -f') && each.endsWith(data)));
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({state: 'detached'});
});

test('a delete is undone right there', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'oops', tags: ['kept']}, randomBytes(100));
  await it.go(`images/${id}`);
  await page.getByRole('button', {name: 'Delete', exact: true}).click();
  await told(page, 'Deleted oops');
  await assert.rejects(shown(id));
  await page.getByRole('button', {name: 'Undo'}).click();
  await told(page, 'Restored oops');
  assert.deepEqual((await shown(id)).tags, ['kept']);
});

test('several are deleted at once; what cannot come back is confirmed by typing', async () => {
  const {page, appliance} = it;
  const ids = [];
  for (const name of ['bulk-a', 'bulk-b']) ids.push(await appliance.image({name, tags: ['bulk']}, randomBytes(10)));
  await appliance.image({name: 'bulk-empty', tags: ['bulk']});
  await it.go('images?tag=bulk');
  await page.getByLabel('Select bulk-a').check();
  await page.getByLabel('Select bulk-b').check();
  await page.getByText('2 selected').waitFor();
  await page.getByRole('toolbar').getByRole('button', {name: 'Delete'}).click();
  await told(page, 'Deleted 2 images');
  await page.getByLabel('Select bulk-empty').check();
  await page.getByRole('toolbar').getByRole('button', {name: 'Delete'}).click();
  await sure(page, 'Delete', 'bulk-empty');
  await told(page, 'Deleted bulk-empty');
});

const hostile = ['<script>window.hacked = 1</script>', '"><img src=x onerror="window.hacked=1">', 'x'.repeat(255),
  '‮gnp.exe', 'مرحبا بالعالم', '🚀🧨👩‍👩‍👧‍👦', '{{7*7}} ${7*7}', '../../etc/passwd', '|pipe {n} {name}'];

test('hostile names are text everywhere', async () => {
  const {page, appliance} = it;
  for (const name of hostile) {
    const id = await appliance.image({name, tags: [name], 'evil': name}, randomBytes(10));
    await it.go(`images/${id}`);
    const title = page.locator('h1 .name');
    await until(async () => (await title.textContent()) === name, name);
    await it.go(`images?search=${encodeURIComponent(name.slice(0, 40))}`);
    await page.getByRole('link', {name, exact: true}).first().waitFor();
    await page.getByLabel(`Select ${name}`, {exact: true}).check();
    await page.getByRole('toolbar').getByRole('button', {name: 'Delete'}).click();
    await told(page, name.slice(0, 30));
    await it.go('bin');
    await row(page, name).first().waitFor();
  }
  assert.equal(await page.evaluate(() => window.hacked), undefined);
  // A long name must not make a table wider than the page.
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
});
