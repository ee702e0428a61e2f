// Takes screenshots of every page in light, in dark, on a phone and in Chinese, for people to look at
// (build/screenshots). Requires that axe-core finds no violation.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {until} from './appliance.mjs';
import {violations} from './axe.mjs';
import {open} from './browser.mjs';
import {Line} from './line.mjs';
import {card, choose} from './uploading.mjs';
import {walk} from './walk.mjs';

const folder = process.env.REPRIEVE_SCREENSHOTS ?? fileURLToPath(new URL('../../build/screenshots', import.meta.url));
const variants = {
  light: {},
  dark: {colorScheme: 'dark'},
  phone: {viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true},
  chinese: {locale: 'zh-CN'},
};
let shared;

async function fill({appliance}) {
  mkdirSync(folder, {recursive: true});
  const kinds = [['debian-12-genericcloud', 'debian', 'public'], ['ubuntu-24.04-minimal', 'ubuntu', 'public'],
    ['fedora-42-server', 'fedora', 'shared'], ['build-runner', 'debian', 'private'], ['windows-server-2025', 'windows',
     'shared'], ['rocky-9', 'rocky', 'community'], ['alpine-3.22', 'alpine', 'public'],
    ['router-lab', 'debian', 'private']];
  const ids = [];
  for (const [i, [name, distro, visibility]] of kinds.entries())
    ids.push(await appliance.image({name, os_distro: distro, visibility, hw_disk_bus: 'virtio', architecture: 'x86_64',
                                    tags: i % 3 === 0 ? ['golden'] : i % 3 === 1 ? ['lab', 'q4'] : []},
      randomBytes(400_000 * (i + 2))));
  await appliance.image({name: 'uploading-soon'});
  shared = ids[2];
  await appliance.ask('POST', `/v2/images/${shared}/members`, {member: 'design-team'});
  await appliance.ask('POST', `/v2/images/${ids[4]}/actions/deactivate`);
  for (const id of ids.slice(6)) await appliance.ask('DELETE', `/v2/images/${id}`);
  const purged = await appliance.image({name: 'gone'}, randomBytes(900_000));
  await appliance.ask('DELETE', `/v2/images/${purged}`);
  await appliance.ask('DELETE', `/api/trash/${purged}`);
  await appliance.ask('POST', '/api/scrubber/run', {});
  await appliance.ask('POST', '/v3/projects', {project: {name: 'lab', description: 'The lab on the second floor'}});
  await appliance.ask('POST', '/v3/users', {user: {name: 'alice', password: 'correct horse battery'}});
}

const it = walk('', fill);
const locked = walk('[auth]\nmode = "local"\n');

async function look(page, name) {
  await page.isIdle();
  await page.evaluate(() => Promise.allSettled(document.getAnimations()
    .filter((animation) => animation.effect.getComputedTiming().endTime !== Infinity)
    .map((animation) => animation.finished)));
  await page.screenshot({path: `${folder}/${name}.png`});
  assert.deepEqual(await violations(page), [], name);
  const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
  assert.equal(isWide, false, `${name} scrolls sideways`);
}

const places = () => ({overview: 'overview', images: 'images', image: `images/${shared}`, upload: 'upload', bin: 'bin',
                       scrubber: 'scrubber', activity: 'activity', people: 'people', account: 'account', more: 'more'});

for (const [variant, options] of Object.entries(variants)) {
  test(`every page, ${variant}`, async (t) => {
    const page = await open(it.browser, it.appliance, options);
    for (const [name, place] of Object.entries(places())) await t.test(name, async () => {
      await it.go(place, page);
      await look(page, `${variant}-${name}`);
    });
    await t.test('dialogs and messages', async () => {
      await it.go('bin', page);
      await page.locator('td.acts button.plain').first().click();
      await look(page, `${variant}-question`);
      await page.keyboard.press('Escape');
      await it.go(`images/${shared}`, page);
      await page.locator('.actions button').first().click();
      await look(page, `${variant}-commands`);
      await page.keyboard.press('Escape');
      await it.go('upload', page);
      const files = ['a disk.qcow2', 'backup.img.gz'].map((name) => ({name, mimeType: '', buffer: Buffer.from('x')}));
      await page.locator('input[type=file][multiple]:not([webkitdirectory])').setInputFiles(files);
      await page.locator('.upload').nth(1).waitFor();
      await look(page, `${variant}-uploads`);
    });
    await t.test('uploads under way', async (t) => {
      const way = await new Line(it.appliance, {fast: 6e6, rate: 5e5}).open();
      const slow = await open(it.browser, way, options);
      t.after(() => Promise.all([slow.context().close(), way.close()]));
      await slow.goto(`${way.url}/ui/#/upload`);
      const files = ['windows-server-2025', 'debian-12', 'fedora-42', 'rocky-9', 'alpine-3.22']
        .map((name) => join(it.appliance.folder, `${name}.img`));
      for (const file of files) writeFileSync(file, Buffer.alloc(40_000_000));
      const first = (name) => card(slow, name).locator('.actions button').first();
      await choose(slow, files.slice(0, 1));
      await first('windows').click();
      await until(() => way.passed > 4e6, 'a part is sent');
      await slow.reload();
      await slow.locator('.upload .notice').waitFor();
      await choose(slow, files.slice(1));
      for (const name of ['debian', 'fedora', 'rocky', 'alpine']) await first(name).click();
      await until(() => way.passed > 8e6, 'some more is sent');
      await first('debian').click();  // pauses the upload
      await look(slow, `${variant}-uploads-running`);
      way.cut();
      await slow.locator('.upload .away svg').first().waitFor();
      await look(slow, `${variant}-uploads-away`);
      assert.deepEqual(slow.problems, []);
    });
    await t.test('warnings', async () => {
      // Simulate a disk that is nearly full.
      await page.route('**/api/status', async (route) => {
        const response = await route.fetch();
        const state = await response.json();
        for (const store of state.stores) store.available = Math.floor(store.total / 50);
        await route.fulfill({response, json: state});
      });
      await it.go('overview', page);
      await page.locator('.warnings li').first().waitFor();
      await look(page, `${variant}-warnings`);
    });
    assert.deepEqual(page.problems, []);
    await page.unrouteAll({behavior: 'ignoreErrors'});
    await page.context().close();
  });

  test(`the door, ${variant}`, async () => {
    const page = await open(locked.browser, locked.appliance, options);
    await locked.go('', page);
    await look(page, `${variant}-sign-in`);
    await page.context().close();
  });
}

test('everything is reached and used with the keyboard alone', async () => {
  const {page} = it;
  await it.go('images');
  await page.getByRole('link', {name: 'rocky-9'}).first().waitFor();
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
  for (let i = 0; i < 40 && await focused() !== 'rocky-9'; ++i) await page.keyboard.press('Tab');
  assert.equal(await focused(), 'rocky-9');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', {name: 'rocky-9'}).waitFor();
});

test('nothing moves for those who asked for it', async () => {
  const page = await open(it.browser, it.appliance, {reducedMotion: 'reduce'});
  await it.go('images', page);
  const moving = await page.evaluate((noticed) => [...document.querySelectorAll('*')].filter((each) => {
    const style = getComputedStyle(each);
    const longest = (list) => Math.max(...list.split(',').map(parseFloat));
    return longest(style.animationDuration) > noticed || longest(style.transitionDuration) > noticed;
  }).length, 0.01);  // seconds
  assert.equal(moving, 0);
  await page.context().close();
});
