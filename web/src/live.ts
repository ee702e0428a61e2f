// How what is shown stays true. Every view gets its data through useData, so that where news come from is decided
// here alone: the appliance tells what has changed (GET /api/live), and only what is shown and is about that is asked
// for again. While it cannot tell, the views are asked for at an interval, and at a long one even while it can: of what
// is not in its catalog (a store that is away, a disk that others fill) it tells nothing. A page that nobody sees asks
// nothing.
import {signal} from '@preact/signals';
import {useEffect, useRef, useState} from 'preact/hooks';
import {ApiError} from './api/http';

/** What the appliance tells of. */
export type Topic = 'images' | 'uploads' | 'scrubber' | 'events' | 'people' | 'space';

// All in milliseconds.
const usualInterval = 10_000;
const toldInterval = 60_000;    // while the appliance tells
const runningInterval = 3_000;  // of what changes all the time, so that nobody tells of it
const leastInterval = 1_000;    // however often it changes
const reconnectAfter = 30_000;  // where the appliance has refused

const version = signal(0);

/** Says that something was changed here, so that everything that is shown is asked for again. */
export function changed(): void {
  version.value += 1;
}

type View = (topics: string[] | 'all') => void;
const views = new Set<View>();
const tell: View = (topics) => views.forEach((view) => view(topics));

let source: EventSource | undefined;
let isTold = false;
let reconnect = 0;

const isSeen = () => document.visibilityState === 'visible';

function connect(): void {
  if (source) return;
  source = new EventSource('/api/live');
  source.onopen = () => {
    isTold = true;
    tell('all');  // of what was missed meanwhile
  };
  source.addEventListener('changed', (event) => tell((event as MessageEvent<string>).data.split(' ')));
  source.onerror = () => {
    const wasTold = isTold;
    isTold = false;
    if (source?.readyState === EventSource.CLOSED) {
      disconnect();
      reconnect = window.setTimeout(connect, reconnectAfter);
    }
    // Whether the appliance is gone or the session over, the views find out, and go on by the clock.
    if (wasTold) tell('all');
  };
}

function disconnect(): void {
  window.clearTimeout(reconnect);
  source?.close();
  source = undefined;
  isTold = false;
}

/** Keeps what is shown true for as long as nobody calls what this gives back. For who has signed in. */
export function follow(): () => void {
  const onSeen = () => {
    if (!isSeen()) return disconnect();
    connect();
    tell('all');
  };
  if (isSeen()) connect();
  document.addEventListener('visibilitychange', onSeen);
  return () => {
    document.removeEventListener('visibilitychange', onSeen);
    disconnect();
  };
}

export interface Data<T> {
  value?: T;
  error?: ApiError | Error;
  loading: boolean;
}

export interface Asked<T> {
  about?: Topic[];  // what the data depends on; images where it is left out
  keep?: boolean;   // what is shown until there is something for another key
  isRunning?: (value: T) => boolean;  // it goes on changing
}

/** What `load` gives for `key`; loaded again whenever the key changes, or something that it is about. The last value
 * stays while the next is on its way, so that nothing jumps, unless the key names another thing. */
export function useData<T>(key: string, load: (signal: AbortSignal) => Promise<T>, asked: Asked<T> = {}): Data<T> {
  const [data, setData] = useState<Data<T> & {key: string}>({loading: true, key});
  const loader = useRef(load);
  loader.current = load;
  const seen = version.value;

  useEffect(() => {
    const abort = new AbortController();
    const about: string[] = asked.about ?? ['images'];
    let timer = 0, begun = 0, isBusy = false, isStale = false;
    const runIn = (pause: number) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(() => isSeen() && void run(), pause);
    };
    const soon = () => runIn(Math.max(0, begun + leastInterval - performance.now()));
    const run = async () => {
      begun = performance.now();
      isBusy = true;
      isStale = false;
      let pause = isTold ? toldInterval : usualInterval;
      try {
        const value = await loader.current(abort.signal);
        if (asked.isRunning?.(value)) pause = runningInterval;
        if (!abort.signal.aborted) setData({value, loading: false, key});
      } catch (error) {
        if (abort.signal.aborted) return;
        pause = usualInterval;  // that it is well again, nobody may tell
        setData((old) => ({...old, value: old.key === key ? old.value : undefined, error: error as Error,
                           loading: false, key}));
      }
      isBusy = false;
      if (abort.signal.aborted) return;
      if (isStale) soon();
      else runIn(pause);
    };
    const view: View = (topics) => {
      if (topics !== 'all' && !topics.some((topic) => about.includes(topic))) return;
      isStale = true;
      if (!isBusy) soon();
    };
    setData((old) => (old.key === key || asked.keep ? {...old, loading: true} : {loading: true, key}));
    views.add(view);
    void run();
    return () => {
      views.delete(view);
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [key, seen]);

  return data;
}

/** The present moment, that ages and countdowns are told from; moves every half minute. */
export const now = signal(Date.now());
let skew = 0;
window.setInterval(() => (now.value = Date.now() + skew), 30_000);

/** Takes the appliance's clock for the true one: the browser's may be wrong. */
export function setServerTime(time: string): void {
  skew = Date.parse(time) - Date.now();
  if (Math.abs(skew) < 2_000) skew = 0;
  now.value = Date.now() + skew;
}
