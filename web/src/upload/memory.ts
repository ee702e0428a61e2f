// Unfinished uploads that this browser remembers, so that they can continue after a reload: their place at the
// appliance, and how to recognise the file. A page cannot keep the file itself.
import {drop, keep, keysOf, read} from '../kept';
import type {NewImage, Place} from './transport';

export interface Remembered {
  place: Place;
  image: NewImage;
  owner: string;  // ids of user and project, as "user/project"; other users of this browser do not see the upload
  /** `modified`: milliseconds since 1970. `print`: from fingerprint(). */
  file: {name: string; size: number; modified: number; print: string};
  since: number;  // begin of the upload, in milliseconds since 1970
}

const prefix = 'reprieve.upload.';
const longest = 31 * 86_400_000;  // milliseconds; more than the maximum of uploads.expire_after

/** Returns the unfinished upload to this image; undefined if none is remembered. */
export function recollect(imageId: string): Remembered | undefined {
  try {
    return JSON.parse(read(prefix + imageId) ?? '') as Remembered;
  } catch {
    return undefined;
  }
}

/** Returns the unfinished uploads of `owner`, oldest first. Forgets all uploads that must have expired. */
export function remembered(owner: string): Remembered[] {
  const found: Remembered[] = [];
  for (const imageId of keysOf(prefix)) {
    const each = recollect(imageId);
    if (!each?.place || !(Date.now() - each.since < longest)) forget(imageId);
    else if (each.owner === owner) found.push(each);
  }
  return found.sort((left, right) => left.since - right.since);
}

export const remember = (upload: Remembered): void => keep(prefix + upload.place.imageId, JSON.stringify(upload));
export const forget = (imageId: string): void => drop(prefix + imageId);

/** Runs `work` under a lock that all windows of this browser share, so that only one of them sends the upload. Waits
 * for the lock until `signal` aborts. A page that came over plain HTTP from another machine has no locks: there, the
 * appliance lets the newest request continue. */
export function alone<T>(imageId: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(prefix + imageId, {signal}, work) : work();
}
