import {useState} from 'preact/hooks';
import {get} from '../api/http';
import type {SpaceHistory, Status, StoreStatus} from '../api/types';
import {bytes} from '../format';
import {useData} from '../live';
import {Bar, Problem} from '../parts/show';
import {SpacePlot} from '../parts/space_plot';
import {t, type Key} from '../text/text';
import {Section} from './image';

const usualSpan = 168;  // hours
const hour = 3_600_000;  // milliseconds
const spans: [number, Key][] = [[24, 'span_day'], [usualSpan, 'span_week'], [720, 'span_month']];

const noHistory: SpaceHistory = {hours: usualSpan, stores: []};

/** Returns the begin of the plots, in milliseconds since 1970: the requested span before `now`, or the first
 * measurement if that is later, but at least one hour before `now`. */
function beginOf({hours, stores}: SpaceHistory, now: number): number {
  const first = Math.min(...stores.flatMap((store) => store.points.slice(0, 1)).map(({time}) => Date.parse(time)));
  return Math.max(now - hours * hour, Math.min(first, now - hour));
}

/** Shows how full the stores are, now and over time. */
export function StoreSpaces({state}: {state: Status}) {
  const [hours, setHours] = useState(usualSpan);
  const path = `/api/status/space?hours=${hours}`;
  const data = useData(path, (signal) => get<SpaceHistory>(path, signal), {about: ['space'], keep: true});
  const stores = state.stores ?? [];
  return (
    <Section title={t('stores')} actions={
      <select class="choice" aria-label={t('span')} value={hours}
        onChange={(event) => setHours(Number(event.currentTarget.value))}>
        {spans.map(([span, key]) => <option key={key} value={span}>{t(key)}</option>)}
      </select>
    }>
      {data.error && <Problem error={data.error} />}
      {stores.map((store) => (
        <StoreSpace key={store.name} store={store} time={state.time} history={data.value ?? noHistory} />
      ))}
      <p class="legend" aria-hidden="true">
        <span class="key images" /> {t('space_images')} <span class="key bin" /> {t('space_bin')}{' '}
        <span class="key reserved" /> {t('space_reserved')} <span class="key other" /> {t('space_other')}
      </p>
    </Section>
  );
}

function StoreSpace({store, time, history}: {store: StoreStatus; time: string; history: SpaceHistory}) {
  const points = history.stores.find((each) => each.name === store.name)?.points ?? [];
  const now = Date.parse(time);
  const taken = Math.max(0, store.total - store.available);
  // Sizes are what clients see. Sparse images use less space, so together they count for at most the used space.
  let left = taken;
  const share = (size: number) => {
    const part = Math.min(left, size);
    left -= part;
    return part;
  };
  const parts = (['images', 'bin', 'reserved'] as const).map((kind) =>
    ({value: share(store[kind]), kind, label: `${t(`space_${kind}`)} ${bytes(store[kind])}`}));
  return (
    <div class="space">
      <div class="space-head">
        <strong>{store.name}</strong> {store.description && <span class="muted">{store.description}</span>}
        {!store.error && store.total > 0 && (
          <span>{t('space_free', {free: bytes(store.available), total: bytes(store.total)})}</span>
        )}
      </div>
      {store.error && <p class="problem">{store.error}</p>}
      {!store.error && store.total > 0 && (
        <Bar label={store.name} total={store.total} parts={[
          ...parts, {value: left, kind: 'other', label: `${t('space_other')} ${bytes(left)}`},
        ]} />
      )}
      {(store.total > 0 || points.length > 0) && (
        <SpacePlot name={store.name} hours={history.hours} begin={beginOf(history, now)} end={now}
          points={store.error ? points : [...points, {...store, time}]} />
      )}
    </div>
  );
}
