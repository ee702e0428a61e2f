// Every text exists in both languages, with the same placeholders, and is used.
import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {test} from 'node:test';

const source = new URL('../../web/src/', import.meta.url);

function texts(name) {
  const code = readFileSync(new URL(`text/${name}.ts`, source), 'utf8');
  const found = [...code.matchAll(/^ {2}(\w+):\s*((?:'(?:[^'\\]|\\.)*'(?:\s*\+\s*)?)+),/gm)];
  return new Map(found.map(([, key, value]) => [key, value]));
}

const en = texts('en');
const zh = texts('zh');
const code = readdirSync(source, {recursive: true})
  .filter((name) => /\.tsx?$/.test(name) && !/text\/(en|zh)/.test(name))
  .map((name) => [name, readFileSync(new URL(name, source), 'utf8')]);

test('both languages have every text, and no text is empty', () => {
  assert.ok(en.size > 200);
  assert.deepEqual([...zh.keys()].sort(), [...en.keys()].sort());
  for (const [key, value] of [...en, ...zh]) assert.ok(value.length > 2, key);
});

test('both fill the same gaps', () => {
  const gaps = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, value] of en) {
    const wanted = gaps(value);
    // An English text for one thing may omit the number {n}.
    assert.ok(gaps(zh.get(key)).every((gap) => wanted.includes(gap) || gap === '{n}'), key);
    assert.ok(wanted.every((gap) => gaps(zh.get(key)).includes(gap)), key);
  }
});

test('Chinese is Chinese', () => {
  const same = [...zh].filter(([key, value]) => value === en.get(key)).map(([key]) => key);
  assert.deepEqual(same, ['id']);
});

test('every text is used', () => {
  const all = code.map(([, text]) => text).join('\n');
  const made = /^(state|action|visibility|trigger|role|worker)_/;
  const unused = [...en.keys()].filter((key) => !made.test(key) && !new RegExp(`'${key}'`).test(all));
  assert.deepEqual(unused, []);
});

test('no text stands in the code', () => {
  // Matches texts between tags, or in attributes that users read or hear, that do not come from t().
  const loose = /(?:>\s*([A-Z][a-z]+ ?[a-z ]+)\s*<\/)|(?:(?:aria-label|title|placeholder|alt)="([^"]+)")/g;
  const found = code.flatMap(([name, text]) => [...text.matchAll(loose)].map((hit) => `${name}: ${hit[1] ?? hit[2]}`))
    .filter((each) => !each.endsWith(': Reprieve'));
  assert.deepEqual(found, []);
});
