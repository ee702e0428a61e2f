// The upload of a large file is cut in every way, at random points, and must complete without an error.
// REPRIEVE_UPLOAD_BYTES sets its size; REPRIEVE_SEED repeats a run.
import assert from 'node:assert/strict';
import {randomBytes, randomInt} from 'node:crypto';
import {closeSync, ftruncateSync, openSync, writeSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {open} from './browser.mjs';
import {goesOn} from './hang_limit.mjs';
import {Line} from './line.mjs';
import {card, choose, chooseAgain, patchesOf, remembered, requireImage, requireShown, send} from './uploading.mjs';
import {walk} from './walk.mjs';

const size = Number(process.env.REPRIEVE_UPLOAD_BYTES ?? 64 << 20);
const seed = Number(process.env.REPRIEVE_SEED ?? randomInt(2 ** 31));
const span = 12;  // seconds: the upload takes at least this long
const long = 600_000;  // milliseconds: the longest time that a slow disk may need

const it = walk();

/** Returns random numbers from 0 to 1 that the seed determines (Mulberry32). */
let state = seed;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
}

/** Creates a sparse file with some random bytes. Returns its path. */
function makeFile(name) {
  const path = join(it.appliance.folder, name);
  const file = openSync(path, 'w');
  ftruncateSync(file, size);
  const part = randomBytes(1 << 20);
  for (let i = 0; i < 64; ++i) writeSync(file, part, 0, part.length, Math.floor(random() * (size - part.length)));
  closeSync(file);
  return path;
}

test('cut at random points in every way, an upload ends whole', async () => {
  console.log(`seed ${seed}, ${size} bytes`);
  const way = await new Line(it.appliance, {fast: 0, rate: size / span}).open();
  const path = makeFile('large.img');
  const address = `${way.url}/ui/#/upload`;
  const problems = [];
  const offsets = [];
  let page;
  const show = async (options) => {
    page = await open(it.browser, way, options);
    page.problems = problems;
    page.patches = patchesOf(page);
    await page.goto(address);
  };
  const away = () => card(page, 'large').getByText('Waiting for the connection').waitFor();
  const again = async () => {
    await card(page, 'large').getByText('Interrupted.').waitFor();
    await chooseAgain(page, 'large', path);
  };
  const cuts = {
    async 'appliance killed'() {
      await it.appliance.stop('SIGKILL');
      await away();
      await it.appliance.start();
    },
    async 'network cut'() {
      way.cut();
      await away();
      way.mend();
    },
    async 'page reloaded'() {
      const goOn = way.crawl();
      await page.reload();
      goOn();
      await again();
    },
    async 'browser closed'() {
      const goOn = way.crawl();
      const storageState = await page.context().storageState();
      offsets.push(...page.patches);
      await page.context().close();
      goOn();
      await show({storageState});
      await again();
    },
  };
  await show({});
  await choose(page, path);
  await send(page, 'large');
  const order = Object.keys(cuts).map((name) => [random(), name]).sort().map(([, name]) => name);
  for (const name of order) {
    const part = Math.floor(size * (0.05 + 0.15 * random()));
    const goal = way.passed + part;
    goesOn(name);
    await until(() => way.passed > goal, `${part} more bytes are sent`, long);
    await cuts[name]();
    console.log(`${name} after ${part} more bytes`);
  }
  way.hurry();
  goesOn('the last part');
  await requireShown(page, 'large', long);
  offsets.push(...page.patches);
  console.log(`sent from ${offsets.map(({offset}) => offset).join(', ')}: ${way.passed} bytes in all`);
  await requireImage(it.appliance, 'large', path);
  assert.ok(offsets.length > order.length, 'each cut had it send on');
  assert.equal(new Set(offsets.map((each) => each.path)).size, 1, 'it was one upload');
  assert.equal(await remembered(page), 0);
  assert.deepEqual(problems, []);
  way.close();
});
