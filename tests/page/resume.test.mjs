// Interrupted uploads continue after the bytes that the appliance already has.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {Appliance, pause, until} from './appliance.mjs';
import {open} from './browser.mjs';
import {Line} from './line.mjs';
import {card, choose, chooseAgain, patchesOf, remembered, requireImage, requireShown, send} from './uploading.mjs';
import {walk} from './walk.mjs';

const it = walk();
// The fast part does not fit in the socket buffers on the way, so the appliance has read some of it. The rest takes
// minutes.
const size = 45_000_000;
const line = {fast: 16_000_000, rate: 100_000};

const images = async (name) => (await it.appliance.ask('GET', `/v2/images?name=${name}`)).images;
const offsetOf = async ({patches}) => (await it.appliance.ask('GET', patches[0].path)).offset;

function makeFile(name) {
  const path = join(it.appliance.folder, `${name}.img`);
  writeFileSync(path, randomBytes(size));
  return path;
}

/** Begins an upload in a new page, and returns when a part of the file is sent. The rest would take five minutes.
 * `prepare` runs before the page is loaded. */
async function sending(t, name, prepare = async () => {}, appliance = it.appliance) {
  const way = await new Line(appliance, line).open();
  const page = await open(it.browser, way);
  t.after(() => Promise.all([page.context().close(), way.close()]));
  await prepare(page);
  const patches = patchesOf(page);
  await page.goto(`${way.url}/ui/#/upload`);
  const path = makeFile(name);
  await choose(page, path);
  await send(page, name);
  await until(() => way.passed > line.fast, 'a part is sent');
  return {page, way, patches, path};
}

/** Lets the rest be sent. Requires that the image then has the bytes of the file. */
async function requireDone({page, way, patches, path}, name) {
  way.hurry();
  await requireShown(page, name);
  await requireImage(it.appliance, name, path);
  assert.ok(patches.at(-1).offset > 0, 'it did not begin again');
  assert.equal(await remembered(page), 0);
  assert.deepEqual(page.problems, []);
}

test('an upload is paused, and goes on', async (t) => {
  const up = await sending(t, 'first');
  await card(up.page, 'first').getByRole('button', {name: 'Pause'}).click();
  await card(up.page, 'first').getByText('· paused').waitFor();
  assert.equal((await images('first'))[0].status, 'saving');
  await card(up.page, 'first').getByRole('button', {name: 'Continue'}).click();
  await requireDone(up, 'first');
});

test('the appliance is killed and started again', async (t) => {
  const up = await sending(t, 'killed');
  // The appliance syncs the bytes of a running request to the disk every few seconds.
  await until(async () => await offsetOf(up) > 0, 'a part is on the disk');
  await it.appliance.stop('SIGKILL');
  await card(up.page, 'killed').getByText('Waiting for the connection').waitFor();
  await it.appliance.start();
  await requireDone(up, 'killed');
});

test('the network is cut and comes back', async (t) => {
  const up = await sending(t, 'cut');
  up.way.cut();
  await card(up.page, 'cut').getByText('Waiting for the connection').waitFor();
  up.way.mend();
  await requireDone(up, 'cut');
});

test('a connection that is dead without a word is given up', async (t) => {
  const up = await sending(t, 'silent', (page) => page.clock.install());
  up.way.hush();
  // Each attempt has twice as long to be answered before the clock jumps.
  let pauseLength = 30;
  await until(async () => {
    await up.page.clock.fastForward(61_000);
    await pause(pauseLength);
    pauseLength *= 2;
    return up.patches.length > 1;
  }, 'it is sent on');
  await requireDone(up, 'silent');
});

test('the page is reloaded, and the same file is chosen again; another one is refused', async (t) => {
  const up = await sending(t, 'reloaded');
  await up.page.reload();
  await card(up.page, 'reloaded').getByText('Interrupted.').waitFor();
  await card(up.page, 'reloaded').getByText(/^[\d.]+ MiB of 42\.9 MiB/).waitFor();
  await chooseAgain(up.page, 'reloaded', makeFile('other'));
  await card(up.page, 'reloaded').getByText('other.img is a different file').waitFor();
  await chooseAgain(up.page, 'reloaded', up.path);
  await requireDone(up, 'reloaded');
});

test('a file that was changed since is another file', async (t) => {
  const {page, path} = await sending(t, 'changed');
  await page.reload();
  utimesSync(path, new Date(), new Date());
  await chooseAgain(page, 'changed', path);
  await card(page, 'changed').getByText('it was changed after the upload started').waitFor();
  await card(page, 'changed').getByRole('button', {name: 'Cancel the upload'}).click();
  await card(page, 'changed').waitFor({state: 'detached'});
  assert.deepEqual(await images('changed'), []);
  assert.equal(await remembered(page), 0);
});

test('a file that is changed while it is sent is not sent on', async (t) => {
  const {page, path, way} = await sending(t, 'moving');
  utimesSync(path, new Date(), new Date());
  way.cut();
  await card(page, 'moving').getByText('The file was changed, moved or removed').waitFor();
  way.mend();
});

test('the browser is closed and opened, and the file is chosen among others', async (t) => {
  const up = await sending(t, 'closed');
  const storageState = await up.page.context().storageState();
  await up.page.context().close();
  const page = await open(it.browser, up.way, {storageState});
  t.after(() => page.context().close());
  const patches = patchesOf(page);
  await page.goto(`${up.way.url}/ui/#/upload`);
  await card(page, 'closed').getByText('Interrupted.').waitFor();
  await choose(page, [makeFile('beside'), up.path]);
  await card(page, 'beside').getByRole('button', {name: 'Upload', exact: true}).waitFor();
  await requireDone({...up, page, patches}, 'closed');
});

test('what runs in one window is not interrupted in another one', async (t) => {
  const up = await sending(t, 'twice');
  const other = await up.page.context().newPage();
  await other.goto(`${up.way.url}/ui/#/upload`);
  await other.getByRole('heading', {name: 'Upload'}).waitFor();
  await other.waitForTimeout(300);
  assert.equal(await card(other, 'twice').count(), 0);
  await up.page.close();
  await chooseAgain(other, 'twice', up.path);
  up.way.hurry();
  await requireShown(other, 'twice');
  await requireImage(it.appliance, 'twice', up.path);
});

test('an upload that came to its end elsewhere begins again with the same image', async (t) => {
  const {page, way, path, patches} = await sending(t, 'ended');
  const [{id}] = await images('ended');
  await page.reload();
  await card(page, 'ended').getByText(/^[\d.]+ MiB of 42\.9 MiB/).waitFor();  // it has asked, and reports only once
  await it.appliance.ask('DELETE', patches[0].path, undefined, undefined, {'Tus-Resumable': '1.0.0'});
  await page.reload();
  await card(page, 'ended').getByText('the upload was ended').waitFor();
  way.hurry();
  await chooseAgain(page, 'ended', path);
  await requireShown(page, 'ended');
  await requireImage(it.appliance, 'ended', path);
  assert.equal((await images('ended'))[0].id, id);
});

/** Sends the rest of the file as another client. */
async function finishElsewhere(appliance, {path, patches}) {
  const tus = {'Tus-Resumable': '1.0.0', 'Content-Type': 'application/offset+octet-stream'};
  const head = await fetch(appliance.url + patches[0].path, {method: 'HEAD', headers: tus});
  const offset = head.headers.get('upload-offset');
  await appliance.ask('PATCH', patches[0].path, readFileSync(path).subarray(offset), undefined,
    {...tus, 'Upload-Offset': offset});
}

test('what another client brings to its end is done here, too', async (t) => {
  const up = await sending(t, 'shared');
  const {page, path} = up;
  await page.reload();
  await card(page, 'shared').getByText('Interrupted.').waitFor();
  await finishElsewhere(it.appliance, up);
  await requireShown(page, 'shared');
  await requireImage(it.appliance, 'shared', path);
  assert.equal(await remembered(page), 0);
});

test('cancelled without a connection, an upload stays until it can be ended', async (t) => {
  const {page, way} = await sending(t, 'kept');
  way.cut();
  await card(page, 'kept').getByText('Waiting for the connection').waitFor();
  await card(page, 'kept').getByRole('button', {name: 'Cancel the upload'}).click();
  await card(page, 'kept').getByText('No connection to the server').waitFor();
  way.mend();
  await card(page, 'kept').getByRole('button', {name: 'Cancel the upload'}).click();
  await card(page, 'kept').waitFor({state: 'detached'});
  assert.deepEqual(await images('kept'), []);
});

const brief = new Appliance();
after(() => brief.end());

/** Restarts the appliance with all uploads expired. */
async function aDayPasses() {
  await brief.stop();
  const script = `
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("UPDATE uploads SET expires_at = 1")
db.commit()
`;
  const done = spawnSync('/usr/bin/python3', ['-c', script, join(brief.data, 'catalog.db')], {encoding: 'utf8'});
  assert.equal(done.status, 0, done.stderr);
  await brief.start();
}

/** Opens a page that remembers an upload which another client completed, and which the appliance has forgotten since.
 * With `isDeaf`, the page cannot ask for its state until `hear` is called. */
async function backAfterAll(t, name, isDeaf) {
  if (!brief.process) await brief.start();
  const up = await sending(t, name, undefined, brief);
  await up.page.goto('about:blank');
  await finishElsewhere(brief, up);
  await aDayPasses();
  await until(async () => [404, 410].includes((await fetch(brief.url + up.patches[0].path)).status), 'it is forgotten');
  if (isDeaf) {
    await up.page.route('**/api/uploads/*', (route) =>
      (route.request().method() === 'GET' ? route.abort() : route.continue()));
  }
  await up.page.goto(`${up.way.url}/ui/#/upload`);
  return {...up, hear: () => up.page.unrouteAll()};
}

test('an upload that was complete before it expired is done', async (t) => {
  const {page, path} = await backAfterAll(t, 'expired');
  await requireShown(page, 'expired');
  await requireImage(brief, 'expired', path);
  assert.equal(await remembered(page), 0);
});

test('cancelled, or with its file chosen again, an upload that was complete leaves its image alone', async (t) => {
  const cancelled = await backAfterAll(t, 'cancelled', true);
  await card(cancelled.page, 'cancelled').getByRole('button', {name: 'Cancel the upload'}).click();
  await card(cancelled.page, 'cancelled').waitFor({state: 'detached'});
  await requireImage(brief, 'cancelled', cancelled.path);
  assert.equal(await remembered(cancelled.page), 0);
  const chosen = await backAfterAll(t, 'chosen', true);
  await chooseAgain(chosen.page, 'chosen', chosen.path);
  await chosen.hear();
  await requireShown(chosen.page, 'chosen');
  await requireImage(brief, 'chosen', chosen.path);
});

test('while nobody has time to say how far it is, an upload is not begun anew', async (t) => {
  const up = await sending(t, 'patient');
  await card(up.page, 'patient').getByRole('button', {name: 'Pause'}).click();
  const refusals = [503, 423, 429];
  const begun = [];
  const path = '**/api/uploads/*';
  await up.page.route(path, async (route) => {
    const isHead = route.request().method() === 'HEAD';
    const status = isHead ? refusals.shift() : undefined;
    if (status) return route.fulfill({status});
    await route.continue();
    if (isHead) await up.page.unroute(path);  // the data that follows is too large to pass through the route
  });
  up.page.on('request', (request) => request.method() === 'POST' && begun.push(request.url()));
  await card(up.page, 'patient').getByRole('button', {name: 'Continue'}).click();
  await requireDone(up, 'patient');
  assert.deepEqual([refusals, begun], [[], []]);
});

test('a browser that keeps nothing uploads all the same', async (t) => {
  const up = await sending(t, 'unkept', (page) => page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {get: () => { throw new DOMException('', 'SecurityError'); }});
  }));
  up.way.hurry();
  await requireShown(up.page, 'unkept');
  await requireImage(it.appliance, 'unkept', up.path);
  assert.deepEqual(up.page.problems, []);
});
