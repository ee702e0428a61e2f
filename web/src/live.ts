// Keeps the data of the views up to date. Every view gets its data through useData, so only this file decides when data
// is loaded again. The appliance reports which topics have changed (GET /api/live), and only visible views that depend
// on them reload. While there is no such stream, views reload at an interval. With the stream they reload at a longer
// interval, too, because it reports no changes outside the catalog, such as a store that is away or a disk that others
// fill. A hidden page requests nothing.
import {signal} from '@preact/signals';
import {useEffect, useRef, useState} from 'preact/hooks';
import {ApiError} from './api/http';

/** Topics of which the appliance reports changes. */
export type Topic = 'images' | 'uploads' | 'scrubber' | 'events' | 'people' | 'space';

// All in milliseconds.
const usualInterval = 10_000;
const toldInterval = 60_000;    // while the appliance reports changes
const runningInterval = 3_000;  // for data that changes all the time, without reports
const leastInterval = 1_000;    // minimum between two loads of a view
const reconnectAfter = 30_000;  // after the appliance has refused the stream

const version = signal(0);

/** Makes all views reload, because this page has changed something. */
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
    tell('all');  // the page may have missed changes meanwhile
  };
  source.addEventListener('changed', (event) => tell((event as MessageEvent<string>).data.split(' ')));
  source.onerror = () => {
    const wasTold = isTold;
    isTold = false;
    if (source?.readyState === EventSource.CLOSED) {
      disconnect();
      reconnect = window.setTimeout(connect, reconnectAfter);
    }
    // The views find out whether the appliance is gone or the session has ended, and then reload at the interval.
    if (wasTold) tell('all');
  };
}

function disconnect(): void {
  window.clearTimeout(reconnect);
  source?.close();
  source = undefined;
  isTold = false;
}

/** Starts to listen to the appliance's reports while the page is visible. Returns a function that stops it.
 * Requires: a session. */
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

/** Result of useData(). After a failed load, `value` is the last one of the same key, if there is one. */
export interface Data<T> {
  value?: T;
  error?: ApiError | Error;
  loading: boolean;
}

export interface Asked<T> {
  about?: Topic[];  // topics that the data depends on; default: images
  keep?: boolean;   // keeps the old value while that of another key loads
  isRunning?: (value: T) => boolean;  // whether the value changes all the time, so that it must reload often
}

/** Returns the data that `load` gets for `key` (a hook). Loads it again when the key changes, after a report about one
 * of its topics, after changed(), and at an interval. The old value stays while the new one loads, so that nothing
 * jumps; after a change of the key only with `asked.keep`. */
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
        pause = usualInterval;  // there may be no report of the recovery
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

/** Current time, for ages and countdowns, in milliseconds since 1970. Updated every 30 s. */
export const now = signal(Date.now());
let skew = 0;
window.setInterval(() => (now.value = Date.now() + skew), 30_000);

/** Corrects `now` by the appliance's clock, because the browser's may be wrong. Ignores differences below 2 s.
 * `time`: the appliance's current time, RFC 3339. */
export function setServerTime(time: string): void {
  skew = Date.parse(time) - Date.now();
  if (Math.abs(skew) < 2_000) skew = 0;
  now.value = Date.now() + skew;
}
