// A test that hangs says so, and ends its file: else nothing would, and nobody would know which it was.
import {afterEach, beforeEach} from 'node:test';

const limit = 15 * 60_000;  // milliseconds: a bound against hanging, and no measure
let timer;

/** Has this process end, as failed, unless this is called again within the limit. */
export function goesOn(what) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    console.error(`${what}: does it hang? Still open: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(1);
  }, limit).unref();
}

goesOn('before the first test');
beforeEach((test) => goesOn(test?.name ?? 'a test'));
afterEach((test) => goesOn(`after ${test?.name ?? 'a test'}`));
