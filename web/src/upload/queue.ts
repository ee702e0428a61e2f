// The uploads of this page: chosen, running, paused, done, and those that an earlier page of this browser left
// unfinished. They go on while one looks at other pages.
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

/** "away": the network or the appliance is; it goes on by itself. "interrupted": the file has to be chosen again. */
export type State = 'ready' | 'waiting' | 'running' | 'away' | 'finishing' | 'paused' | 'interrupted' | 'ending' |
  'done' | 'failed';

export interface Upload {
  id: number;
  file?: File;  // not known after a reload, until it is chosen again
  fileName: string;
  size: number;
  image: NewImage;
  state: State;
  sent: number;
  speed: number;  // bytes a second, of late
  begun?: Remembered;
  reason?: string;
  isCompressed: boolean;
}

const atOnce = 2;  // more of them share one line, and each takes longer
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

/** Takes files up, to be looked at before they are sent. That of an interrupted upload goes on with it. */
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

/** Goes on with an interrupted upload; another file than it began with is refused. */
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

/** The appliance keeps what it has; start() goes on. */
export function pause(id: number): void {
  update(id, {state: 'paused', speed: 0});
  runs.get(id)?.abort.abort();
}

/** Ends an upload, with what the appliance has of it; or forgets one that has not begun, or is over. */
export async function drop(id: number): Promise<void> {
  const isDone = find(id)?.state === 'done';
  update(id, {state: 'ending', reason: undefined});
  runs.get(id)?.abort.abort();
  // What it still asks for must not come behind the end.
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

/** Brings back what this browser has of the unfinished uploads of who is signed in, and lets go of somebody else's. */
export function recall(): void {
  const who = `${session.value?.user.id}/${session.value?.project?.id}`;
  if (who !== owner) {
    for (const {abort} of runs.values()) abort.abort();
    uploads.value = [];
    owner = who;
  }
  // What another window is sending comes up once that one lets go of it unfinished.
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

/** Asks how much of an interrupted upload is there. */
export async function look(id: number): Promise<void> {
  const begun = find(id)?.begun;
  if (!begun) return;
  // What is told of one that was ended or goes on meanwhile would bring it back, or set it back.
  const isAsked = () => find(id)?.state === 'interrupted';
  try {
    const {offset, isDone} = await transport.look(begun.place);
    if (!isAsked()) return;
    if (isDone) return finish(id);
    update(id, {sent: offset});
  } catch (error) {
    if (!isAsked() || !(error instanceof UploadOver)) return;
    // The image is there, without its bytes: they come from the first one on.
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

/** Random, as crypto.randomUUID() makes one where the page came over HTTPS. */
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
  // What comes in behind a pause or an end no longer counts.
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
  // What was made for these bytes alone is of no use without them. Where it cannot be ended now, it is remembered, so
  // that it can be later.
  const begun = find(id)?.begun;
  if (begun) await transport.discard(begun.place).then(() => forget(begun.place.imageId), () => {});
  update(id, {state: 'failed', sent: 0, speed: 0, begun: undefined, reason});
}

window.addEventListener('beforeunload', (event) => {
  if (pending.value > 0) event.preventDefault();
});
