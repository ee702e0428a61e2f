// Ends a test file that hangs, and prints the name of the test.
import {afterEach, beforeEach} from 'node:test';

const limit = 15 * 60_000;  // milliseconds
let timer;

/** Ends this process as failed, and prints `what`, unless it is called again within the limit. */
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
