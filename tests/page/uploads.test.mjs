// Uploads of files: chosen, dropped, several at once, cancelled, refused.
import assert from 'node:assert/strict';
import {createHash, randomBytes} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import * as uploading from './uploading.mjs';
import {walk} from './walk.mjs';

const it = walk('[limits]\nimage_size_cap = "20MiB"\n');
const qcow2 = () => {
  // A header of version 3, with a virtual size of 1 MiB and clusters of 64 KiB.
  const header = Buffer.alloc(3 * 65_536);
  header.writeUInt32BE(0x514649fb, 0);
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(16, 20);
  header.writeBigUInt64BE(1_048_576n, 24);
  header.writeUInt32BE(1, 36);
  header.writeBigUInt64BE(65_536n, 40);
  header.writeBigUInt64BE(131_072n, 48);
  header.writeUInt32BE(1, 56);
  header.writeUInt32BE(4, 96);
  header.writeUInt32BE(104, 100);
  return header;
};

function file(name, data) {
  const path = join(it.appliance.folder, name);
  writeFileSync(path, data);
  return path;
}

const images = async () => (await it.appliance.ask('GET', '/v2/images?limit=100')).images;
const choose = (paths) => uploading.choose(it.page, paths);
const card = (name) => uploading.card(it.page, name);

test('several files are sent at once, with name and format guessed and editable', async () => {
  const {page} = it;
  const data = randomBytes(5_000_000);
  await it.go('upload');
  await choose([file('debian-12.raw', data), file('small.qcow2', qcow2())]);
  await card('debian-12.raw').getByLabel('Name').fill('Debian 12');
  assert.equal(await card('small.qcow2').getByLabel('Format').inputValue(), 'qcow2');
  assert.equal(await card('debian-12.raw').getByLabel('Format').inputValue(), 'raw');
  await card('small.qcow2').getByLabel('Visibility').selectOption('private');
  await page.getByRole('button', {name: 'Upload 2 files'}).click();
  await until(async () => await page.getByRole('link', {name: 'Show image'}).count() === 2, 'both are there');
  const made = await images();
  const debian = made.find((each) => each.name === 'Debian 12');
  assert.equal(debian.status, 'active');
  assert.equal(debian.os_hash_value, createHash('sha512').update(data).digest('hex'));
  const small = made.find((each) => each.name === 'small');
  assert.deepEqual([small.disk_format, small.visibility, small.status], ['qcow2', 'private', 'active']);
  await card('Debian 12').getByRole('link', {name: 'Show image'}).click();
  await page.getByRole('heading', {name: 'Debian 12'}).waitFor();
});

test('files that are dropped anywhere land where uploads are', async () => {
  const {page} = it;
  await it.go('bin');
  const transfer = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File([new Uint8Array(1000).fill(65)], 'dropped.img'));
    return data;
  });
  await page.dispatchEvent('main', 'dragover', {dataTransfer: transfer});
  await page.getByText('Drop to upload').waitFor();
  await page.dispatchEvent('main', 'drop', {dataTransfer: transfer});
  await card('dropped.img').getByRole('button', {name: 'Upload', exact: true}).click();
  await card('dropped').getByRole('link', {name: 'Show image'}).waitFor();
  assert.ok((await images()).some((each) => each.name === 'dropped' && each.size === 1000));
});

test('an empty file becomes an empty image', async () => {
  await it.go('upload');
  await choose([file('empty.img', '')]);
  await card('empty.img').getByRole('button', {name: 'Upload', exact: true}).click();
  await card('empty').getByRole('link', {name: 'Show image'}).waitFor();
  assert.ok((await images()).some((each) => each.name === 'empty' && each.size === 0 && each.status === 'active'));
});

test('a folder brings the files in it', async () => {
  mkdirSync(join(it.appliance.folder, 'folder/deep'), {recursive: true});
  file('folder/one.img', randomBytes(10));
  file('folder/deep/two.iso', randomBytes(10));
  file('folder/.hidden', randomBytes(10));
  await it.go('upload');
  await it.page.locator('input[webkitdirectory]').setInputFiles(join(it.appliance.folder, 'folder'));
  await card('one.img').waitFor();
  assert.equal(await card('two.iso').getByLabel('Format').inputValue(), 'iso');
  assert.equal(await card('.hidden').count(), 0);
});

test('what the appliance refuses is said with its reason, and leaves nothing behind', async () => {
  const {page} = it;
  await it.go('upload');
  const before = (await images()).length;
  await choose([file('too-large.img', Buffer.alloc(21 << 20)), file('liar.vmdk', randomBytes(100_000))]);
  await card('liar.vmdk').getByRole('button', {name: 'Upload', exact: true}).click();
  await card('liar.vmdk').locator('.problem').waitFor();
  await card('too-large.img').getByRole('button', {name: 'Upload', exact: true}).click();
  const reason = await card('too-large.img').locator('.problem').textContent();
  assert.match(reason, /20971520|image_size_cap|large/);
  await until(async () => (await images()).length === before, 'no image is left');
  // The upload succeeds with the right format.
  await card('liar.vmdk').getByLabel('Format').selectOption('raw');
  await card('liar.vmdk').getByRole('button', {name: 'Try again'}).click();
  await card('liar').getByRole('link', {name: 'Show image'}).waitFor();
});

test('a running upload tells how far it is, and is cancelled', async () => {
  const {page} = it;
  await page.reload();
  await it.go('upload');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions',
    {offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 100_000});
  await choose([file('slow.img', randomBytes(16_000_000))]);
  await card('slow.img').getByRole('button', {name: 'Upload', exact: true}).click();
  await card('slow').getByText(/MiB of 15\.3 MiB · .*\/s · .* left/).waitFor();
  await it.page.getByRole('navigation', {name: 'Main menu'}).getByRole('link', {name: 'Images'}).click();
  await it.page.getByRole('navigation', {name: 'Main menu'}).getByRole('link', {name: 'Upload'}).click();
  await card('slow').getByRole('progressbar').waitFor();  // the upload has continued
  await page.getByRole('button', {name: 'Cancel the upload of slow.img'}).click();
  await until(async () => !(await images()).some((each) => each.name === 'slow'), 'its image is gone');
  await session.send('Network.emulateNetworkConditions',
    {offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1});
});
