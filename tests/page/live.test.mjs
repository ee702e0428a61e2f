// What others change appears by itself, because the appliance tells of it: an idle page asks nothing.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {test} from 'node:test';
import {pause, until} from './appliance.mjs';
import {walk} from './walk.mjs';

const it = walk();
// Milliseconds. A page that nothing is told asks by itself only after a minute.
const told = {timeout: 50_000};

/** What the page asks from now on, apart from the stream itself. */
function asked(page) {
  const paths = [];
  page.on('request', (request) => {
    if (request.resourceType() !== 'eventsource') paths.push(new URL(request.url()).pathname);
  });
  return paths;
}

const listens = (page) => page.waitForResponse((response) => response.url().endsWith('/api/live'));

async function opened(place) {
  await it.go(place);
  const listening = listens(it.page);
  await it.page.reload();
  await listening;
  await pause(1500);  // what it asks for once it listens
  await it.page.isIdle();
}

test('an idle page asks nothing, and a change is there long before it would ask by itself', async () => {
  const {page, appliance} = it;
  await opened('images');
  const paths = asked(page);
  await pause(12_000);
  assert.deepEqual(paths, []);
  const begin = Date.now();
  const id = await appliance.image({name: 'from elsewhere'});
  await page.getByRole('link', {name: 'from elsewhere'}).waitFor(told);
  console.log(`another client's image is shown after ${Date.now() - begin} ms`);
  assert.ok(paths.length > 0);
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await page.getByRole('link', {name: 'from elsewhere'}).waitFor({state: 'detached', ...told});
});

test('only what is about the change is asked for', async () => {
  const {page, appliance} = it;
  await opened('people');
  const paths = asked(page);
  await appliance.image({name: 'no person'});
  await until(() => paths.includes('/api/status'), 'the count of the bin is asked for');
  await pause(1500);
  assert.deepEqual(paths.filter((path) => path.startsWith('/v3/')), []);
  await appliance.ask('POST', '/v3/projects', {project: {name: 'newcomers'}});
  await page.getByText('newcomers').first().waitFor(told);
});

test('many changes are asked for together', async () => {
  const {page, appliance} = it;
  await opened('images');
  const paths = asked(page);
  const changes = 200;
  const begin = Date.now();
  for (let i = 1; i <= changes; ++i) await appliance.image({name: `one of many ${i}`});
  await page.getByRole('link', {name: `one of many ${changes}`, exact: true}).waitFor(told);
  const seconds = (Date.now() - begin) / 1000;
  const lists = paths.filter((path) => path === '/v2/images').length;
  const figures = `${changes} changes in ${seconds} s, ${lists} lists`;
  console.log(figures);
  assert.ok(lists <= 2 + seconds, figures);  // one a second at most, however slow this machine is
});

test('the overview asks for the status once for each change', async () => {
  const {page, appliance} = it;
  await opened('overview');
  const paths = asked(page);
  await appliance.image({name: 'counted once'});
  await until(() => paths.includes('/api/status'), 'the status is asked for');
  await pause(2_500);
  assert.equal(paths.filter((path) => path === '/api/status').length, 1);
});

test('what could not be shown is asked for again, though nothing is told', async () => {
  const {page, appliance} = it;
  await opened('images');
  await page.route('**/v2/images?*', (route) => route.fulfill({status: 500, body: 'out of sorts'}));
  await appliance.image({name: 'hard to see'});
  await page.getByText('out of sorts').waitFor(told);
  await page.unrouteAll();
  await page.getByText('out of sorts').waitFor({state: 'detached'});
  await page.getByRole('link', {name: 'hard to see'}).waitFor();
});

test('the views of the bin, the activity and the scrubber follow too', async () => {
  const {page, appliance} = it;
  const id = await appliance.image({name: 'on its way'}, randomBytes(1000));
  await opened('bin');
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await page.getByText('on its way').first().waitFor(told);
  await opened('activity');
  const paths = asked(page);
  await appliance.ask('POST', `/api/trash/${id}/restore`);
  await until(() => paths.includes('/api/events'), 'the events are asked for again');
  await opened('scrubber');
  await appliance.ask('DELETE', `/v2/images/${id}`);
  await appliance.ask('DELETE', `/api/trash/${id}`);
  await page.locator('tbody tr').first().waitFor(told);
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
  await appliance.image({name: 'made meanwhile'});
  await pause(2_000);
  assert.deepEqual(paths, []);
  const listening = listens(page);
  await look('visible');
  await listening;
  await page.getByRole('link', {name: 'made meanwhile'}).waitFor(told);
});

test('after a restart of the appliance the page listens again by itself', async () => {
  const {page, appliance} = it;
  await opened('images');
  await appliance.stop('SIGKILL');
  const listening = page.waitForResponse((response) => response.url().endsWith('/api/live') && response.ok(),
                                         told);
  await appliance.start();
  await listening;
  await pause(1500);
  await appliance.image({name: 'after the restart'});
  await page.getByRole('link', {name: 'after the restart'}).waitFor(told);
});
