// Common setup and end of the tests: a running appliance, a browser and a page.
import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {Appliance} from './appliance.mjs';
import {launch, open} from './browser.mjs';

/** Sets up an appliance, a browser and a page for a file of tests, then calls `fill`. Ends them after the tests.
 * `it.go` shows a place of the page. */
export function walk(settings = '', fill = async () => {}) {
  const it = {};
  before(async () => {
    it.appliance = await new Appliance(settings).start();
    it.browser = await launch();
    it.page = await open(it.browser, it.appliance);
    await fill(it);
    it.go = async (place, page = it.page) => {
      const address = `${it.appliance.url}/ui/#/${place}`;
      // goto() does nothing if the address is the same.
      await (page.url() === address ? page.reload() : page.goto(address));
      await page.locator('h1').first().waitFor();
    };
  });
  after(async () => {
    const problems = it.page?.problems ?? [];
    await it.browser?.close();
    await it.appliance?.end();
    assert.deepEqual(problems, []);
  });
  return it;
}

/** Returns the row of a table that has this text. */
export const row = (page, text) => page.locator('tbody tr').filter({hasText: text});

/** Waits until a message at the edge of the page has this text. */
export const told = (page, text) => page.locator('.toast').filter({hasText: text}).first().waitFor();

/** Confirms the open dialog with the button `action`, after typing `word` if that is given. */
export async function sure(page, action, word) {
  const dialog = page.locator('dialog[open]');
  const button = dialog.locator('footer').getByRole('button', {name: action, exact: true});
  if (word !== undefined) {
    assert.equal(await button.isDisabled(), true, 'it has to be typed first');
    await dialog.getByRole('textbox').fill(word);
  }
  await button.click();
  await dialog.waitFor({state: 'detached'});
}
