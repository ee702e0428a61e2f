// What the walks have in common: a running appliance, a browser, a page, and their end.
import assert from 'node:assert/strict';
import {after, before} from 'node:test';
import {Appliance} from './appliance.mjs';
import {launch, open} from './browser.mjs';

/** Sets up what a file of tests needs, then calls `fill`; `it.page` is signed in wherever nobody has to. */
export function walk(settings = '', fill = async () => {}) {
  const it = {};
  before(async () => {
    it.appliance = await new Appliance(settings).start();
    it.browser = await launch();
    it.page = await open(it.browser, it.appliance);
    await fill(it);
    it.go = async (place, page = it.page) => {
      const address = `${it.appliance.url}/ui/#/${place}`;
      // The same address again would change nothing.
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

/** The row of a table that has this text. */
export const row = (page, text) => page.locator('tbody tr').filter({hasText: text});

/** Waits until the page says so, in a message at its edge. */
export const told = (page, text) => page.locator('.toast').filter({hasText: text}).first().waitFor();

/** Answers the question that is open, typing what it asks for. */
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
