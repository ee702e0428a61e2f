// Actions on images that several pages offer. The message after a delete has a button that undoes it.
import {deleteImage, restore} from './api/images';
import type {Image} from './api/types';
import {changed} from './live';
import {confirm} from './parts/dialog';
import {attempt, say, sayError} from './parts/toast';
import {status} from './session';
import {t} from './text/text';

const shortList = 8;

/** Returns the word that the user types to confirm: the first 40 characters of the name. If they are empty or include
 * invisible ones, such as those that change the text direction, returns the first 8 characters of the id. */
export function wordFor(image: {name: string | null; id: string}): string {
  const name = (image.name ?? '').slice(0, 40).trim();
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u.test(name) ? name : image.id.slice(0, 8);
}

const called = (image: {name: string | null; id: string}) => image.name ?? image.id;

/** Returns the names to show in a question: at most `shortList`, then a line with the number of the others. */
export function named(images: {name: string | null; id: string}[]): string[] {
  const names = images.slice(0, shortList).map(called);
  return images.length > shortList ? [...names, t('and_more', {n: images.length - shortList})] : names;
}

/** Runs `act` on each thing in turn, shows each error, and reloads all views. After an error it stops if more than
 * `shortList` things are not done. Returns the things that succeeded. */
export async function forEach<T>(things: T[], act: (thing: T) => Promise<unknown>): Promise<T[]> {
  const done: T[] = [];
  for (const thing of things) {
    try {
      await act(thing);
      done.push(thing);
    } catch (error) {
      sayError(error);
      if (things.length - done.length > shortList) break;  // the others would probably fail, too
    }
  }
  changed();
  return done;
}

/** Deletes images; returns whether at least one was deleted. Moving images to the bin needs no confirmation, because it
 * can be undone. If there is no bin, or an image has no data yet, the delete is permanent, and the user confirms it by
 * typing a word. */
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

/** Runs `act`, then reloads all views. Shows its error, or `told` after a success. Returns whether it succeeded. */
export async function change(act: () => Promise<unknown>, told?: string): Promise<boolean> {
  const well = await attempt(act);
  changed();
  if (well && told) say(told);
  return well;
}
