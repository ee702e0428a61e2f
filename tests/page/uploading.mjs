// What the walks of uploads have in common.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';

/** The card of an upload. */
export const card = (page, name) => page.locator('.upload').filter({hasText: name});

/** Chooses files as with the button "Choose files". */
export const choose = (page, paths) =>
  page.locator('.drop-zone input[type=file][multiple]:not([webkitdirectory])').setInputFiles(paths);

/** Chooses the file of an interrupted upload again, where its card asks for it. */
export const chooseAgain = (page, name, path) => card(page, name).locator('input[type=file]').setInputFiles(path);

/** Sends a file that was chosen. */
export const send = (page, name) => card(page, name).getByRole('button', {name: 'Upload', exact: true}).click();

/** Waits until the image is there: the disk of a busy machine takes its time. */
export const requireShown = (page, name, timeout = 180_000) =>
  card(page, name).getByRole('link', {name: 'Show the image'}).waitFor({timeout});

/** The one image of this name is what the file is. */
export async function requireImage(appliance, name, path) {
  const hash = createHash('sha512');
  for await (const piece of createReadStream(path, {highWaterMark: 1 << 20})) hash.update(piece);
  const {images} = await appliance.ask('GET', `/v2/images?name=${encodeURIComponent(name)}`);
  assert.deepEqual(images.map(({status, os_hash_value: digest}) => ({status, digest})),
    [{status: 'active', digest: hash.digest('hex')}]);
}

/** What the requests of a page that bring data are: from which byte on, and to which upload. */
export function patchesOf(page) {
  const patches = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH' && request.url().includes('/api/uploads/'))
      patches.push({offset: Number(request.headers()['upload-offset']), path: new URL(request.url()).pathname});
  });
  return patches;
}

/** How many unfinished uploads the browser remembers. */
export const remembered = (page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('reprieve.upload.')).length);
