// The accessibility check that several tests use.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Returns the violations that axe-core finds in the current state of the page. */
export async function violations(page) {
  // Run axe-core through the debugger, because the page's Content-Security-Policy forbids foreign scripts.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', {expression: axe});
  const found = await page.evaluate(() => window.axe.run(document));
  assert.ok(found.passes.length > 10, 'axe has looked');
  return found.violations.flatMap(({id, nodes}) =>
    nodes.map(({html, failureSummary}) => `${id}: ${html}\n${failureSummary}`));
}
