// Changes of others appear by themselves, because the appliance reports them. An idle page sends no requests.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {walk} from './walk.mjs';

const ownInterval = 60_000;  // milliseconds after which a page asks without any report

/** Runs in the page: records its timers and the events that it receives, and never runs timers of ownInterval or more.
 * So the page can learn of a change only from the stream, even on a slow machine. */
function watchTimers(ownInterval) {
  const [set, clear] = [window.setTimeout, window.clearTimeout];
  window.timers = new Map();  // milliseconds by the number of the timer
  window.setTimeout = (work, ms = 0, ...rest) => {
    const number = set(() => {
      if (ms >= ownInterval) return;
      window.timers.delete(number);
      work(...rest);
    }, ms);
    window.timers.set(number, ms);
    return number;
  };
  window.clearTimeout = (number) => {
    window.timers.delete(number);
    clear(number);
  };
  window.heard = [];  // topics of the events that this page has received
  window.EventSource = class extends EventSource {
    constructor(...facts) {
      super(...facts);
      this.addEventListener('open', () => { window.isListening = true; });
      this.addEventListener('changed', ({data}) => window.heard.push(data));
    }
  };
  const repeat = window.setInterval;
  window.intervals = [];  // milliseconds
  window.setInterval = (work, ms, ...rest) => {
    window.intervals.push(ms);
    return repeat(work, ms, ...rest);
  };
}

const it = walk('', ({page}) => page.addInitScript(watchTimers, ownInterval));

/** Returns a list that collects the paths of all later requests of the page, except the stream. */
function asked(page) {
  const paths = [];
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') paths.push(new URL(request.url()).pathname);
  });
  return paths;
}

const listens = (page) => page.waitForResponse((response) => response.url().endsWith('/api/live'));

/** Waits until the page sends no more requests unless it receives an event. */
const isQuiet = (page) => until(async () => {
  const hasShortTimer = () => page.evaluate((own) => [...window.timers.values()].some((ms) => ms < own), ownInterval);
  if (await hasShortTimer()) return false;
  await page.isIdle();
  return !await hasShortTimer();
}, 'only the long timers are set');

let openings = 0;

async function opened(place) {
  await it.go(place);
  await it.page.reload();
  await until(() => it.page.evaluate(() => window.isListening), 'the page listens');
  // Events come in order. So after this one, the page has received all earlier ones.
  await it.appliance.ask('POST', '/v3/projects', {project: {name: `before ${++openings}`}});
  await until(() => it.page.evaluate(() => window.heard.some((topics) => topics.includes('people'))), 'the page hears');
  await isQuiet(it.page);
}

/** Listens for events as a second client. Resolves, once it listens, to {told}: a promise that resolves when the
 * appliance reports a change of the topic. */
async function tells(topic) {
  const abort = new AbortController();
  const {body} = await fetch(`${it.appliance.url}/api/live`, {signal: abort.signal});
  const said = new RegExp(`^data: .*\\b${topic}\\b.*\\n\\n`, 'm');
  const listen = async () => {
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (let text = ''; !said.test(text);) {
      const {value, done} = await reader.read();
      if (done) throw new Error(`the stream ends, and has not told of ${topic}`);
      text += decoder.decode(value, {stream: true});
    }
    reader.releaseLock();
    abort.abort();
  };
  return {told: listen()};
}

test('an idle page asks nothing for a minute, and a change is there before', async () => {
  const {page, appliance} = it;
  await opened('images');
  assert.ok(await page.evaluate(() => window.timers.size) > 0, 'it will ask by itself');
  assert.deepEqual(await page.evaluate(() => window.intervals), [30_000], 'that of the ages, which asks nothing');
  const paths = asked(page);
  const begin = Date.now();
  const id = await appliance.image({name: 'from elsewhere'});
  await page.getByRole('link', {name: 'from elsewhere'}).waitFor();
  console.log(`another client's image is shown after ${Date.now() - begin} ms`);
  assert.ok(paths.length > 0);
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await page.getByRole('link', {name: 'from elsewhere'}).waitFor({state: 'detached'});
});

test('only what is about the change is asked for', async () => {
  const {page, appliance} = it;
  await opened('people');
  const paths = asked(page);
  await appliance.image({name: 'no person'});
  await until(() => paths.includes('/api/status'), 'the count of the bin is asked for');
  await isQuiet(page);
  assert.deepEqual(paths.filter((path) => path.startsWith('/v3/')), []);
  await appliance.ask('POST', '/v3/projects', {project: {name: 'newcomers'}});
  await page.getByText('newcomers').first().waitFor();
});

test('many changes are asked for together', async () => {
  const {page, appliance} = it;
  await opened('images');
  const paths = asked(page);
  const changes = 200;
  const begin = Date.now();
  for (let i = 1; i <= changes; ++i) await appliance.image({name: `one of many ${i}`});
  await page.getByRole('link', {name: `one of many ${changes}`, exact: true}).waitFor();
  const seconds = (Date.now() - begin) / 1000;
  const lists = paths.filter((path) => path === '/v2/images').length;
  const figures = `${changes} changes in ${seconds} s, ${lists} lists`;
  console.log(figures);
  assert.ok(lists <= 2 + seconds, figures);  // at most one a second, even on a slow machine
});

test('the overview asks for the status once for each change', async () => {
  const {page, appliance} = it;
  await opened('overview');
  const paths = asked(page);
  const count = () => paths.filter((path) => path === '/api/status').length;
  for (const changes of [1, 2, 3]) {
    await appliance.image({name: `counted once, ${changes}`});
    await until(() => count() >= changes, 'the status is asked for');
    await isQuiet(page);
    assert.equal(count(), changes);
  }
});

test('what could not be shown is asked for again, though nothing is told', async () => {
  const {page, appliance} = it;
  await opened('images');
  await page.route('**/v2/images?*', (route) => route.fulfill({status: 500, body: 'out of sorts'}));
  await appliance.image({name: 'hard to see'});
  await page.getByText('out of sorts').waitFor();
  await page.unrouteAll();
  await page.getByText('out of sorts').waitFor({state: 'detached'});
  await page.getByRole('link', {name: 'hard to see'}).waitFor();
});

test('the views of the bin, the activity and the scrubber follow too', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'on its way'}, randomBytes(1000));
  await opened('bin');
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await page.getByText('on its way').first().waitFor();
  await opened('activity');
  const paths = asked(page);
  await appliance.ask('POST', `/api/trash/${id}/restore`);
  await until(() => paths.includes('/api/events'), 'the events are asked for again');
  await opened('scrubber');
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await appliance.ask('DELETE', `/api/trash/${id}`);
  await page.locator('tbody tr').first().waitFor();
});

test('a page that comes back into view listens again and shows what it has missed', async () => {
  const {page, appliance} = it;
  await opened('images');
  const look = (state) => page.evaluate((visibility) => {
    Object.defineProperty(document, 'visibilityState', {value: visibility, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await look('hidden');
  const paths = asked(page);
  const {told} = await tells('images');
  await appliance.image({name: 'made meanwhile'});
  await told;
  await isQuiet(page);
  assert.deepEqual(paths, []);
  const listening = listens(page);
  await look('visible');
  await listening;
  await page.getByRole('link', {name: 'made meanwhile'}).waitFor();
});

test('after a restart of the appliance the page listens again by itself', async () => {
  const {page, appliance} = it;
  await opened('images');
  await appliance.stop('SIGKILL');
  const listening = page.waitForResponse((response) => response.url().endsWith('/api/live') && response.ok());
  await appliance.start();
  await listening;
  await isQuiet(page);
  await appliance.image({name: 'after the restart'});
  await page.getByRole('link', {name: 'after the restart'}).waitFor();
});
