// Starts Debian's Chromium, and opens pages that may connect only to the appliance.
import {chromium} from 'playwright-core';
import {until} from './appliance.mjs';

const quiet = 500;  // milliseconds without a request

export const launch = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--force-color-profile=srgb'],
});

/** Opens a page. Its `problems` collect exceptions of scripts, errors of the console, and requests to other hosts; a
 * test must require that there are none. Its `isIdle` waits until no request is in flight. */
export async function open(browser, appliance, options = {}) {
  const context = await browser.newContext({baseURL: appliance.url, locale: 'en-GB', timezoneId: 'UTC',
                                            viewport: {width: 1280, height: 860}, ...options});
  context.setDefaultTimeout(180_000);  // milliseconds; only ends a test that hangs
  // On a busy machine a scrub can take long.
  await context.setExtraHTTPHeaders({Prefer: 'wait=60'});
  const page = await context.newPage();
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    // The browser also logs each refused request as an error, which is no error of the page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      page.problems.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(appliance.url) && !/^(data|blob):/.test(request.url()))
      page.problems.push(`asked elsewhere: ${request.url()}`);
  });
  // Playwright's own "networkidle" would never come, because the stream of events never ends and uploads take long.
  const isLong = (request) => request.resourceType() === 'eventsource' || request.url().includes('/api/uploads/');
  const running = new Set();
  let last = Date.now();
  page.on('request', (request) => !isLong(request) && running.add(request));
  for (const end of ['requestfinished', 'requestfailed'])
    page.on(end, (request) => running.delete(request) && (last = Date.now()));
  page.isIdle = () => until(() => running.size === 0 && Date.now() - last > quiet, 'the page asks nothing more');
  return page;
}
