// Helper functions for the tests of uploads.
import assert from 'node:assert/strict';
import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';

/** Returns the card of an upload. */
export const card = (page, name) => page.locator('.upload').filter({hasText: name});

/** Chooses files, as the button "Choose files" does. */
export const choose = (page, paths) =>
  page.locator('.drop-zone input[type=file][multiple]:not([webkitdirectory])').setInputFiles(paths);

/** Chooses the file of an interrupted upload again, in its card. */
export const chooseAgain = (page, name, path) => card(page, name).locator('input[type=file]').setInputFiles(path);

/** Starts the upload of a chosen file. */
export const send = (page, name) => card(page, name).getByRole('button', {name: 'Upload', exact: true}).click();

/** Waits until the image is there, which can take long on the disk of a busy machine. */
export const requireShown = (page, name, timeout = 180_000) =>
  card(page, name).getByRole('link', {name: 'Show image'}).waitFor({timeout});

/** Requires that exactly one image has this name, and that it has the bytes of the file. */
export async function requireImage(appliance, name, path) {
  const hash = createHash('sha512');
  for await (const piece of createReadStream(path, {highWaterMark: 1 << 20})) hash.update(piece);
  const {images} = await appliance.ask('GET', `/v2/images?name=${encodeURIComponent(name)}`);
  assert.deepEqual(images.map(({status, os_hash_value: digest}) => ({status, digest})),
    [{status: 'active', digest: hash.digest('hex')}]);
}

/** Returns a list that collects the offset and the path of each later PATCH request of the page. */
export function patchesOf(page) {
  const patches = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH' && request.url().includes('/api/uploads/'))
      patches.push({offset: Number(request.headers()['upload-offset']), path: new URL(request.url()).pathname});
  });
  return patches;
}

/** Returns the number of unfinished uploads that the browser remembers. */
export const remembered = (page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('reprieve.upload.')).length);
