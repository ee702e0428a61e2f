// Sign-in with a browser, beginning with the one-time link of the first start.
import assert from 'node:assert/strict';
import {randomBytes} from 'node:crypto';
import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {until} from './appliance.mjs';
import {Line} from './line.mjs';
import {card, choose, requireShown, send} from './uploading.mjs';
import {told, walk} from './walk.mjs';

const it = walk('[auth]\nmode = "local"\n');
const password = 'correct horse battery staple';
const fresh = 'another horse, another staple';

async function signIn(name, word, page = it.page) {
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password', {exact: true}).fill(word);
  await page.getByRole('button', {name: 'Sign in'}).click();
}

test('the link of the first start leads to a password of one\'s own', async () => {
  const {page, appliance} = it;
  const text = readFileSync(join(appliance.data, 'first-sign-in'), 'utf8');
  const link = /http\S+\/ui\/#\/sign-in\?one_time=\S+/.exec(text)[0];
  await page.goto(link);
  await page.getByRole('button', {name: 'Continue'}).click();
  await page.getByRole('heading', {name: 'Choose a password'}).waitFor();
  await page.getByLabel('New password', {exact: true}).fill(password);
  await page.getByLabel('Repeat new password').fill('something else');
  await page.getByText('The passwords do not match').waitFor();
  await page.getByLabel('Repeat new password').fill(password);
  await page.getByRole('button', {name: 'Set password'}).click();
  await page.getByRole('heading', {name: 'Images'}).waitFor();
  assert.ok(!page.url().includes('one_time'), 'the secret is not left in the address');
});

test('no script can read the session', async () => {
  assert.equal(await it.page.evaluate(() => document.cookie), '');
  assert.equal(await it.page.evaluate(() => JSON.stringify({...localStorage, ...sessionStorage})), '{}');
});

test('signing out, and in again; a wrong password is told apart from nothing', async () => {
  const {page} = it;
  await it.go('account');
  await page.getByRole('button', {name: 'Sign out'}).click();
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await signIn('admin', 'wrong');
  const wrong = await page.getByRole('alert').textContent();
  const refused = page.waitForResponse((response) => response.status() === 401);
  await signIn('nobody', 'wrong');
  await refused;
  assert.equal(await page.getByRole('alert').textContent(), wrong);
  await signIn('admin', password);
  await page.getByRole('heading', {name: 'Account'}).waitFor();
});

test('the password is changed by whoever knows the old one', async () => {
  const {page} = it;
  await it.go('account');
  await page.getByLabel('Old password').fill('wrong');
  await page.getByLabel('New password', {exact: true}).fill(fresh);
  await page.getByLabel('Repeat new password').fill(fresh);
  await page.getByRole('button', {name: 'Set password'}).click();
  await page.locator('.toast.error').waitFor();
  await page.getByLabel('Old password').fill(password);
  await page.getByLabel('New password', {exact: true}).fill(fresh);
  await page.getByLabel('Repeat new password').fill(fresh);
  await page.getByRole('button', {name: 'Set password'}).click();
  await told(page, 'Password changed');
  await it.go('images');
  await page.getByText('No images yet').waitFor();  // still signed in
});

test('a token for a program is shown once, works, and is deleted', async () => {
  const {page, appliance} = it;
  await it.go('account');
  await page.getByRole('button', {name: 'New credential'}).click();
  await page.locator('dialog').getByLabel('Name').fill('ci robot');
  await page.locator('dialog').getByRole('button', {name: 'Create'}).click();
  const shown = await page.locator('dialog code').textContent();
  const [, id] = /CREDENTIAL_ID=(\S+)/.exec(shown);
  const [, secret] = /CREDENTIAL_SECRET=(\S+)/.exec(shown);
  const methods = {methods: ['application_credential'], application_credential: {id, secret}};
  await appliance.ask('POST', '/v3/auth/tokens', {auth: {identity: methods}});
  await page.locator('dialog footer').getByRole('button', {name: 'Close'}).click();
  await page.getByRole('button', {name: 'Delete ci robot'}).click();
  await page.locator('dialog').getByRole('textbox').fill('ci robot');
  await page.locator('dialog footer').getByRole('button', {name: 'Delete'}).click();
  await page.getByRole('table', {name: 'Application credentials'}).waitFor({state: 'detached'});
  await assert.rejects(appliance.ask('POST', '/v3/auth/tokens', {auth: {identity: methods}}), /401/);
});

test('whose session ends elsewhere is asked to sign in, and comes back to where it was', async () => {
  const {page} = it;
  await it.go('activity');
  await page.context().clearCookies();
  await it.go('activity?action=image.create');
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await signIn('admin', fresh);
  await page.getByRole('heading', {name: 'Activity'}).waitFor();
});

test('an upload whose session ends waits for the next sign-in', async () => {
  const way = await new Line(it.appliance, {fast: 4_000_000, rate: 100_000}).open();
  const context = it.page.context();
  const page = await context.newPage();
  const path = join(it.appliance.folder, 'waiting.img');
  writeFileSync(path, randomBytes(30_000_000));
  await page.goto(`${way.url}/ui/#/upload`);
  await choose(page, path);
  await send(page, 'waiting');
  await until(() => way.passed > way.fast, 'a part is sent');
  await context.clearCookies();
  // An answer to HEAD cannot give the reason, so the page sends a GET. The browser may also repeat the PATCH by
  // itself, which is refused because of a conflict.
  const refused = page.waitForResponse((response) => response.url().includes('/api/uploads/') &&
    response.request().method() !== 'HEAD' && response.status() >= 400);
  way.cut();
  way.mend();
  way.hurry();
  await page.getByRole('heading', {name: 'Sign in'}).waitFor();
  await refused;
  await signIn('admin', fresh, page);
  await card(page, 'waiting').getByText('· paused').waitFor();
  await card(page, 'waiting').getByRole('button', {name: 'Continue'}).click();
  await requireShown(page, 'waiting');
  await page.close();
  way.close();
});

test('a reader is offered nothing that only others may do', async () => {
  const {page, appliance} = it;
  const identity = {methods: ['password'], password: {user: {name: 'admin', domain: {id: 'default'}, password: fresh}}};
  const scope = {project: {name: 'default', domain: {id: 'default'}}};
  const signedIn = await fetch(`${appliance.url}/v3/auth/tokens`,
    {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({auth: {identity, scope}})});
  const as = {'X-Auth-Token': signedIn.headers.get('X-Subject-Token')};
  const {token} = await signedIn.json();
  const ask = (method, path, body) => appliance.ask(method, path, body, undefined, as);
  const {user} = await ask('POST', '/v3/users', {user: {name: 'rita', password}});
  const {roles} = await ask('GET', '/v3/roles?name=reader');
  await ask('PUT', `/v3/projects/${token.project.id}/users/${user.id}/roles/${roles[0].id}`);
  await page.context().clearCookies();
  await page.reload();
  await signIn('rita', password);
  await page.getByRole('button', {name: 'Sign in'}).waitFor({state: 'detached'});
  await it.go('images?search=none of this name');
  await page.getByText('Nothing found').waitFor();
  assert.equal(await page.getByRole('link', {name: 'Upload'}).count(), 0);
  for (const place of ['upload', 'scrubber', 'people']) {
    await it.go(place);
    await page.getByRole('heading', {name: 'Your role has no access to this page'}).waitFor();
  }
});
