// The page with 100,000 images: prints how long it takes to find one, and what it costs the browser.
import assert from 'node:assert/strict';
import {Agent, request} from 'node:http';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {open} from './browser.mjs';
import {walk} from './walk.mjs';

const count = Number(process.env.REPRIEVE_PAGE_IMAGES ?? 100_000);
const atOnce = 48;
const mostMemory = 60e6;  // bytes of the heap of the page's scripts

/** Creates the images as clients would, over kept connections. */
async function fill({appliance}) {
  const agent = new Agent({keepAlive: true, maxSockets: atOnce});
  let next = 0;
  const make = () => new Promise((resolve, reject) => {
    const i = next++;
    const body = JSON.stringify({name: `image ${String(i).padStart(6, '0')}`, disk_format: i % 3 ? 'qcow2' : 'raw',
                                 container_format: 'bare', tags: i % 10 === 0 ? ['tenth'] : []});
    const headers = {'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body)};
    const asked = request(`${appliance.url}/v2/images`, {method: 'POST', agent, headers}, (answer) => {
      answer.resume();
      answer.on('end', () => (answer.statusCode === 201 ? resolve() : reject(new Error(`${answer.statusCode}`))));
    });
    asked.on('error', reject);
    asked.end(body);
  });
  await Promise.all(Array.from({length: atOnce}, async () => {
    while (next < count) await make();
  }));
  agent.destroy();
}

const it = walk('', fill);
const figures = {};

test('a large catalog is searched, filtered, sorted and paged', async () => {
  const {page} = it;
  await page.addInitScript(() => {
    window.longest = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
    }).observe({type: 'longtask', buffered: true});
  });
  const first = () => page.locator('td.main > a:first-child').first().textContent();
  const timed = async (name, act, condition) => {
    const start = performance.now();
    await act();
    await until(condition, name);
    figures[name] = Math.round(performance.now() - start);
  };
  const name = (i) => `image ${String(i).padStart(6, '0')}`;
  await it.go('images');
  await timed('sort by name, ms', () => page.getByRole('button', {name: 'Name'}).click(),
    async () => await first() === name(0));
  await timed('find the last by its name, ms', () => page.getByRole('searchbox').fill(name(count - 1).slice(3)),
    async () => await first() === name(count - 1));
  await timed('search for what is not there, ms', () => page.getByRole('searchbox').fill('nothing like it'),
    async () => await page.getByText('Nothing found').isVisible());
  await page.getByRole('button', {name: 'Clear filters'}).click();
  await timed('filter by format, ms', () => page.getByLabel('Format').selectOption('raw'),
    async () => await first() === name(0) && await page.locator('tbody tr').nth(1).getByText(name(3)).count() === 1);
  for (let i = 1; i <= 5; ++i) {
    await timed('next page, ms', () => page.getByRole('button', {name: 'Next'}).click(),
      async () => await first() === name(i * 300));
  }
  for (let i = 0; i < 20; ++i) await page.mouse.wheel(0, 400);
  figures['longest task, ms'] = Math.round(await page.evaluate(() => window.longest));
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const {usedSize} = await session.send('Runtime.getHeapUsage');
  figures['memory of the scripts, kB'] = Math.round(usedSize / 1000);
  assert.ok(await page.locator('tbody tr').count() <= 100);
  assert.ok(usedSize < mostMemory, JSON.stringify(figures));
});

test('the first paint over a slow line', async () => {
  const page = await open(it.browser, it.appliance);
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  // The preset that browsers call "Slow 4G".
  await session.send('Network.emulateNetworkConditions',
    {offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 0.75e6 / 8});
  await it.go('images', page);
  await page.locator('tbody tr').first().waitFor();
  Object.assign(figures, await page.evaluate(() => {
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    const loaded = performance.getEntriesByType('resource').filter((each) => each.name.includes('/ui/'));
    return {'first paint over slow 4G, ms': Math.round(paint.startTime),
            'bytes of the page, on the wire': loaded.reduce((sum, each) => sum + each.transferSize, 0)};
  }));
  await page.context().close();
  console.log(JSON.stringify({images: count, ...figures}, null, 2));
});
