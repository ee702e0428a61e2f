// What this browser keeps of its unfinished uploads, so that they go on after a reload: where they are, and by what the
// file is known again. The file itself no page can keep.
import {drop, keep, keysOf, read} from '../kept';
import type {NewImage, Place} from './transport';

export interface Remembered {
  place: Place;
  image: NewImage;
  owner: string;  // who uploads: another user of this browser has no use for it
  file: {name: string; size: number; modified: number; print: string};
  since: number;  // milliseconds since 1970
}

const prefix = 'reprieve.upload.';
const longest = 31 * 86_400_000;  // milliseconds: beyond any uploads.expire_after

/** The unfinished upload to this image. */
export function recollect(imageId: string): Remembered | undefined {
  try {
    return JSON.parse(read(prefix + imageId) ?? '') as Remembered;
  } catch {
    return undefined;
  }
}

/** The unfinished uploads of `owner`, the oldest first; what is too old to be there is forgotten. */
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

/** Does `work` while no other window of this browser sends the same upload. Where browsers have no locks (a page that
 * came over plain HTTP from another machine), the appliance lets the newest one go on. */
export function alone<T>(imageId: string, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  return navigator.locks ? navigator.locks.request(prefix + imageId, {signal}, work) : work();
}
