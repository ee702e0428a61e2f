// What several pages do with images, each with its way back: a delete can be undone where it stands.
import {deleteImage, restore} from './api/images';
import type {Image} from './api/types';
import {changed} from './live';
import {confirm} from './parts/dialog';
import {attempt, say, sayError} from './parts/toast';
import {status} from './session';
import {t} from './text/text';

const shortList = 8;

/** What has to be typed to be sure: the beginning of the name, or the id where that is not what one sees, as with
 * characters that turn the direction. */
export function wordFor(image: {name: string | null; id: string}): string {
  const name = (image.name ?? '').slice(0, 40).trim();
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(name) ? name : image.id.slice(0, 8);
}

const called = (image: {name: string | null; id: string}) => image.name ?? image.id;

/** Names for a question, not all of them where they are many. */
export function named(images: {name: string | null; id: string}[]): string[] {
  const names = images.slice(0, shortList).map(called);
  return images.length > shortList ? [...names, t('and_more', {n: images.length - shortList})] : names;
}

/** Runs an act on each, says what failed, and tells for how many it went well. */
export async function forEach<T>(things: T[], act: (thing: T) => Promise<unknown>): Promise<T[]> {
  const done: T[] = [];
  for (const thing of things) {
    try {
      await act(thing);
      done.push(thing);
    } catch (error) {
      sayError(error);
      if (things.length - done.length > shortList) break;  // they will all fail
    }
  }
  changed();
  return done;
}

/** Deletes images; true where at least one was. Into the bin without a question, as that can be undone; else a word
 * has to be typed. What has no data yet goes for good, and so is asked about. */
export async function deleteImages(images: Image[]): Promise<boolean> {
  const empty = images.filter((image) => image.status !== 'active' && image.status !== 'deactivated');
  const hasBin = status.value?.delayed_delete ?? false;
  if (!hasBin || empty.length > 0) {
    const gone = hasBin ? empty : images;
    const word = gone.length === 1 ? wordFor(gone[0]!) : String(gone.length);
    const sure = await confirm({title: t('delete_for_good_title', {n: gone.length}), text: t('delete_for_good_text'),
                                details: named(gone), action: t('delete'), word});
    if (!sure) return false;
  }
  const done = await forEach(images, (image) => deleteImage(image.id));
  if (done.length === 0) return false;
  const back = hasBin ? done.filter((image) => !empty.includes(image)) : [];
  const text = done.length === 1 ? t('deleted_one', {name: called(done[0]!)}) : t('deleted_many', {n: done.length});
  say(text, back.length > 0 ? {label: t('undo'), run: () => void restoreImages(back)} : undefined);
  return true;
}

export async function restoreImages(images: {id: string; name: string | null}[]): Promise<void> {
  const done = await forEach(images, (image) => restore(image.id));
  if (done.length === 1) say(t('restored_one', {name: called(done[0]!)}));
  else if (done.length > 1) say(t('restored_many', {n: done.length}));
}

/** One change, after which everything shown is asked for again. */
export async function change(act: () => Promise<unknown>, told?: string): Promise<boolean> {
  const well = await attempt(act);
  changed();
  if (well && told) say(told);
  return well;
}
