// The list of uploads: chosen, running, paused, done, and those that an earlier page of this browser left unfinished.
// Uploads continue while the user looks at other pages.
import {computed, signal} from '@preact/signals';
import {changed} from '../live';
import {session} from '../session';
import {t} from '../text/text';
import {guessFormat, guessName, isCompressed} from './format_guess';
import {alone, forget, recollect, remember, remembered, type Remembered} from './memory';
import {fingerprint, isSame} from './same_file';
import {Speed} from './speed';
import {type NewImage, type Transport, UploadOver} from './transport';
import {tusTransport} from './tus_transport';

/** "ready": not started. "waiting": for other uploads to finish. "away": the network or the appliance is down; retried
 * automatically. "finishing": all bytes are sent. "interrupted": the user must choose the file again. "ending": being
 * cancelled. */
export type State = 'ready' | 'waiting' | 'running' | 'away' | 'finishing' | 'paused' | 'interrupted' | 'ending' |
  'done' | 'failed';

export interface Upload {
  id: number;
  file?: File;  // undefined after a reload, until the user chooses it again
  fileName: string;
  size: number;
  image: NewImage;
  state: State;
  sent: number;   // bytes
  speed: number;  // recent bytes per second
  begun?: Remembered;  // set once the upload has started
  reason?: string;     // why the upload failed, stopped or waits
  isCompressed: boolean;
}

const atOnce = 2;  // maximum number of running uploads; more would only share the bandwidth
const transport: Transport = tusTransport;

export const uploads = signal<Upload[]>([]);
export const isRunning = (state: State) => state === 'running' || state === 'away' || state === 'finishing';
const isPending = (state: State) => isRunning(state) || state === 'waiting';
export const pending = computed(() => uploads.value.filter((each) => isPending(each.state)).length);
export const interrupted = computed(() => uploads.value.filter((each) => each.state === 'interrupted').length);

const runs = new Map<number, {abort: AbortController; end: Promise<void>}>();
let last = 0;
let owner = '';

const find = (id: number) => uploads.value.find((each) => each.id === id);

function update(id: number, values: Partial<Upload>): void {
  uploads.value = uploads.value.map((each) => (each.id === id ? {...each, ...values} : each));
}

export function setImage(id: number, values: Partial<NewImage>): void {
  uploads.value = uploads.value.map((each) => (each.id === id ? {...each, image: {...each.image, ...values}} : each));
}

/** Adds files to the list, so that the user can check them before they are sent. The file of an interrupted upload
 * continues that upload instead. Ignores files that are hidden or cannot be read. */
export async function addFiles(files: File[]): Promise<void> {
  for (const file of files.filter((each) => !each.name.startsWith('.'))) {
    let format = 'raw';
    try {
      format = await guessFormat(file);
    } catch {
      continue;  // a folder, or a file that cannot be read
    }
    if (await findAndGoOn(file)) continue;
    const image = {name: guessName(file), disk_format: format, container_format: 'bare', visibility: 'shared'};
    uploads.value = [...uploads.value, {id: ++last, file, fileName: file.name, size: file.size, image, state: 'ready',
                                        sent: 0, speed: 0, isCompressed: isCompressed(file.name)}];
  }
}

async function findAndGoOn(file: File): Promise<boolean> {
  for (const each of uploads.value) {
    if (each.state !== 'interrupted' || !await isSame(file, each.begun!.file)) continue;
    await goOn(each.id, file);
    return true;
  }
  return false;
}

/** Continues an interrupted upload. Refuses a file other than the one that it began with. */
export async function goOn(id: number, file: File): Promise<void> {
  const known = find(id)?.begun;
  const isKnown = known && await isSame(file, known.file).catch(() => false);
  if (find(id)?.state !== 'interrupted') return;
  if (!isKnown) return update(id, {reason: t('upload_other_file', {name: file.name})});
  update(id, {file});
  start([id]);
}

export function start(ids: number[]): void {
  for (const id of ids) update(id, {state: 'waiting', speed: 0, reason: undefined});
  advance();
}

/** Pauses an upload. The appliance keeps the bytes that it has, and start() continues after them. */
export function pause(id: number): void {
  update(id, {state: 'paused', speed: 0});
  runs.get(id)?.abort.abort();
}

/** Removes an upload from the list. If it has begun and is not done, ends it at the appliance first, with its bytes; if
 * that fails, the upload stays in the list, with the reason. */
export async function drop(id: number): Promise<void> {
  const isDone = find(id)?.state === 'done';
  update(id, {state: 'ending', reason: undefined});
  runs.get(id)?.abort.abort();
  // A request of the upload that still runs must not arrive after the request that ends it.
  await runs.get(id)?.end;
  const begun = isDone ? undefined : find(id)?.begun;
  try {
    if (begun) await transport.discard(begun.place);
  } catch (error) {
    const state = find(id)?.file ? 'paused' : 'interrupted';
    return update(id, {state, reason: (error as Error).message});
  }
  if (begun) {
    forget(begun.place.imageId);
    changed();
  }
  uploads.value = uploads.value.filter((each) => each.id !== id);
  advance();
}

export function dropDone(): void {
  uploads.value = uploads.value.filter((each) => each.state !== 'done');
}

/** Lists the unfinished uploads of the signed-in user that this browser remembers. Stops those of the user who was
 * signed in before, and removes them from the list. */
export function recall(): void {
  const who = `${session.value?.user.id}/${session.value?.project?.id}`;
  if (who !== owner) {
    for (const {abort} of runs.values()) abort.abort();
    uploads.value = [];
    owner = who;
  }
  // An upload that another window is sending is listed if that window releases its lock before the upload is finished.
  for (const {place: {imageId}} of remembered(who)) void alone(imageId, undefined, async () => recallOne(imageId));
}

function recallOne(imageId: string): void {
  const begun = recollect(imageId);
  const isHere = uploads.value.some((each) => each.begun?.place.imageId === imageId);
  if (isHere || begun?.owner !== owner) return;
  const {name: fileName, size} = begun.file;
  uploads.value = [{id: ++last, fileName, size, image: begun.image, state: 'interrupted', sent: 0, speed: 0, begun,
                    isCompressed: false}, ...uploads.value];
}

/** Asks the appliance how many bytes of an interrupted upload it has, and updates the list. */
export async function look(id: number): Promise<void> {
  const begun = find(id)?.begun;
  if (!begun) return;
  // The answer is stale if the upload was cancelled or continued meanwhile.
  const isAsked = () => find(id)?.state === 'interrupted';
  try {
    const {offset, isDone} = await transport.look(begun.place);
    if (!isAsked()) return;
    if (isDone) return finish(id);
    update(id, {sent: offset});
  } catch (error) {
    if (!isAsked() || !(error instanceof UploadOver)) return;
    // The image is still there, but its upload is gone: send all bytes again.
    setBegun(id, {...begun, place: {imageId: begun.place.imageId}});
    update(id, {sent: 0, reason: error.message});
  }
}

function setBegun(id: number, begun: Remembered): void {
  update(id, {begun});
  remember(begun);
}

function finish(id: number): void {
  const upload = find(id);
  if (!upload) return;
  update(id, {state: 'done', sent: upload.size, reason: undefined});
  forget(upload.begun!.place.imageId);
}

function advance(): void {
  const running = uploads.value.filter((each) => isRunning(each.state)).length;
  for (const next of uploads.value.filter((each) => each.state === 'waiting').slice(0, Math.max(0, atOnce - running)))
    startRun(next.id, next.file!, next.image);
}

function startRun(id: number, file: File, image: NewImage): void {
  const abort = new AbortController();
  const before = runs.get(id)?.end ?? Promise.resolve();
  update(id, {state: 'running'});
  const end = before.then(() => run(id, file, image, abort)).then(() => {
    if (runs.get(id)?.abort === abort) runs.delete(id);
    changed();
    advance();
  });
  runs.set(id, {abort, end});
}

/** Returns a random UUID. Plain HTTP from another machine has no crypto.randomUUID(). */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function begin(file: File, image: NewImage): Promise<Remembered> {
  const print = await fingerprint(file).catch(() => {
    throw new UploadOver(t('upload_unreadable'));
  });
  const known = {name: file.name, size: file.size, modified: file.lastModified, print};
  return {place: {imageId: newId()}, image, owner, file: known, since: Date.now()};
}

async function run(id: number, file: File, image: NewImage, {signal: isStopped}: AbortController): Promise<void> {
  const speed = new Speed();
  // Ignore reports that arrive after the upload was paused or cancelled.
  const tell = (values: Partial<Upload>) => { if (!isStopped.aborted) update(id, values); };
  try {
    const begun = find(id)?.begun ?? await begin(file, image);
    if (isStopped.aborted) return;
    setBegun(id, begun);
    await alone(begun.place.imageId, isStopped, () => transport.send(file, image, begun.place, {
      onPath: (path) => setBegun(id, {...begun, place: {...begun.place, path}}),
      onOffset: (offset) => {
        speed.startAt(offset);
        tell({state: 'running', sent: offset, speed: 0, reason: undefined});
      },
      onProgress: (sent) => tell({sent, speed: speed.at(sent), state: sent >= file.size ? 'finishing' : 'running'}),
      onAway: (reason) => tell({state: 'away', speed: 0, reason}),
    }, isStopped));
    finish(id);
  } catch (error) {
    if (!isStopped.aborted) await fail(id, error as Error);
  }
}

async function fail(id: number, error: Error): Promise<void> {
  const reason = error.message;
  if (!(error instanceof UploadOver)) return update(id, {state: 'paused', speed: 0, reason});
  // The image was created only for these bytes, so delete it. If that fails, the upload stays remembered, so that the
  // user can cancel it after a reload.
  const begun = find(id)?.begun;
  if (begun) await transport.discard(begun.place).then(() => forget(begun.place.imageId), () => {});
  update(id, {state: 'failed', sent: 0, speed: 0, begun: undefined, reason});
}

window.addEventListener('beforeunload', (event) => {
  if (pending.value > 0) event.preventDefault();
});
