// Space of the stores: now, and over time.
import assert from 'node:assert/strict';
import {spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync} from 'node:fs';
import {randomBytes} from 'node:crypto';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {until} from './appliance.mjs';
import {violations} from './axe.mjs';
import {open} from './browser.mjs';
import {walk} from './walk.mjs';

const other = mkdtempSync(join(tmpdir(), 'reprieve-archive-'));
after(() => rmSync(other, {recursive: true, force: true}));
const it = walk(`[store]\ndefault = "local"\n[stores.local]\n[stores.archive]\npath = "${other}"\n`);

const folder = process.env.REPRIEVE_SCREENSHOTS ?? fileURLToPath(new URL('../../build/screenshots', import.meta.url));

/** Writes the samples of a month to the catalog: one store fills, the other was unavailable for some days. */
function aMonthPasses(appliance) {
  const script = `
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
db.execute("DELETE FROM space_samples")
now, tib = int(time.time()), 1 << 40
for n in range(30 * 144):
    at, part = (now - 600 * (30 * 144 - n)) * 1000000, n / 4320
    images, bin = int((0.2 + 0.4 * part) * tib), int((0.05 + 0.1 * abs((n % 1008) / 1008)) * tib)
    reserved = int(0.03 * tib) if n % 144 < 20 else 0
    rows = [("local", images, bin, reserved)]
    if not 1500 < n < 2200:
        rows.append(("archive", int(part * (1 << 30)), 1 << 27, 0))
    for store, *held in rows:
        db.execute("INSERT INTO space_samples VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
                   (store, at, *held, tib, tib - sum(held)))
db.commit()
`;
  const done = spawnSync('/usr/bin/python3', ['-c', script, `${appliance.data}/catalog.db`], {encoding: 'utf8'});
  assert.equal(done.status, 0, done.stderr);
}

const plot = (page, store) => page.getByRole('img', {name: new RegExp(`^${store}: images`)}).and(page.locator('svg'));

test('a new appliance shows what its stores hold', async () => {
  const {page, appliance} = it;
  await appliance.image({name: 'kept'}, randomBytes(3 << 20));
  const gone = await appliance.image({name: 'gone'}, randomBytes(1 << 20));
  await appliance.ask('DELETE', `/v2/images/${gone}`);
  await it.go('overview');
  await page.locator('svg[aria-label="local: images 3.0 MiB, recycle bin 1.0 MiB, reserved 0 B"]').waitFor();
  await page.locator('svg[aria-label="archive: images 0 B, recycle bin 0 B, reserved 0 B"]').waitFor();
  // The plot begins with the first measurement, not a week before it.
  const [from] = await page.locator('.plot-x').first().locator('span').allTextContents();
  assert.match(from, /^\d\d:\d\d/);
  // The page follows a change without a reload.
  await appliance.ask('DELETE', `/api/trash/${gone}`);
  await page.locator('svg[aria-label="local: images 3.0 MiB, recycle bin 0 B, reserved 0 B"]').waitFor();
});

test('the plot shows a month, a week or a day of each store', async () => {
  const {page, appliance} = it;
  await appliance.stop();
  aMonthPasses(appliance);
  await appliance.start();
  await it.go('overview');
  await page.getByLabel('Time range').selectOption('720');
  const areas = (store) => plot(page, store).locator('path.area').count();
  const points = async (store) => {
    const path = await plot(page, store).locator('path.area.images').first().getAttribute('d');
    return path.split('L').length / 2;
  };
  // Wait for a gap: until the month is loaded, the page shows the week, with about as many points but no gap.
  await until(async () => await areas('archive') >= 6, 'a month, with a gap where the store was away');
  assert.ok(await points('local') > 250 && await points('local') <= 305);
  assert.equal(await areas('local') % 3, 0);
  assert.equal(await page.locator('.plot-y').first().locator('span').first().textContent() !== '', true);
  await page.getByLabel('Time range').selectOption('24');
  await until(async () => await points('local') < 160 && await points('local') > 130, 'a day of points');
  await page.locator('.plot').first().getByText('Show as table').click();
  const rows = page.locator('.plot').first().locator('tbody tr');
  assert.ok(await rows.count() >= 5);
  await page.locator('.plot').first().getByRole('cell', {name: /[GM]iB$/}).first().waitFor();
});

for (const [variant, options] of Object.entries({
  light: {colorScheme: 'light'}, dark: {colorScheme: 'dark'}, chinese: {colorScheme: 'light', locale: 'zh-CN'},
  phone: {colorScheme: 'light', viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true},
})) {
  test(`it can be read: ${variant}`, async () => {
    const page = await open(it.browser, it.appliance, options);
    await page.addInitScript(() => {
      window.shift = 0;
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
      }).observe({type: 'layout-shift', buffered: true});
    });
    await page.goto(`${it.appliance.url}/ui/#/overview`);
    await page.locator('svg path.area').first().waitFor();
    await page.isIdle();
    const shift = await page.evaluate(() => window.shift);
    await page.locator('select.choice').last().selectOption('720');
    await page.isIdle();
    mkdirSync(folder, {recursive: true});
    await page.screenshot({path: `${folder}/space-${variant}.png`, fullPage: true});
    assert.deepEqual(await violations(page), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
    assert.ok(shift < 0.05, `the layout shifts by ${shift.toFixed(3)}`);
    assert.deepEqual(page.problems, []);
    await page.context().close();
  });
}
