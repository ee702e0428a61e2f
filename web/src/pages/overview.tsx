import {CircleCheck, TriangleAlert} from 'lucide';
import {get} from '../api/http';
import {listEvents} from '../api/images';
import type {Status} from '../api/types';
import {bytes, number} from '../format';
import {useData} from '../live';
import {Events} from '../parts/events';
import {Icon} from '../parts/icon';
import {Loading, Page, Problem} from '../parts/show';
import {linkTo} from '../route';
import {isAdmin, status, statusError} from '../session';
import {t, tOr} from '../text/text';
import {Section} from './image';
import {Tile, useScrubber} from './scrubber';
import {StoreSpaces} from './store_space';
import {workerName} from './workers';

const nearlyFull = 0.1;  // a store with a smaller free part than this is nearly full

interface Usage {
  usage: Record<string, {limit: number; usage: number}>;
}

export function Overview() {
  const events = useData('events', (signal) => listEvents({limit: 10}, signal), {about: ['events']});
  // The frame loads the status on every page.
  const state = status.value, error = statusError.value;
  return (
    <Page title={t('overview')}>
      {error && <Problem error={error} />}
      {!state && !error && <Loading />}
      {state?.totals ? <Whole state={state} /> : state && <Own />}
      {(state || error) && (
        <Section title={t('recent')} actions={<a href={linkTo('activity')}>{t('show_all')}</a>}>
          {events.error ? <Problem error={events.error} /> : <Events rows={events.value?.rows ?? []} />}
        </Section>
      )}
    </Page>
  );
}

function Whole({state}: {state: Status}) {
  const totals = state.totals!;
  return (
    <>
      <Warnings state={state} />
      <div class="tiles">
        <Tile label={t('images')} value={number(totals.images)} hint={bytes(totals.bytes)} />
        <Tile label={t('bin')} value={number(totals.bin_images)} hint={bytes(totals.bin_bytes)} />
        {Object.entries(state.by_status ?? {}).filter(([name]) => name !== 'active').map(([name, count]) => (
          <Tile key={name} label={tOr(`state_${name}`, name)} value={number(count)} />
        ))}
      </div>
      <StoreSpaces state={state} />
    </>
  );
}

function Warnings({state}: {state: Status}) {
  const scrubber = useScrubber(['scrubber']);
  const full = (state.stores ?? []).filter((each) => each.total > 0 && each.available < nearlyFull * each.total);
  const texts = [
    ...(state.stores ?? []).filter((each) => each.error).map((each) => t('warn_store', {name: each.name})),
    ...full.map((each) => t('warn_full', {name: each.name, free: bytes(each.available)})),
    ...(scrubber.value?.blocked.length ? [t('warn_blocked', {n: scrubber.value.blocked.length})] : []),
    ...(state.workers ?? []).filter((each) => each.failures_in_a_row > 0)
      .map((each) => t('warn_worker', {name: workerName(each), error: each.last_error})),
    ...(scrubber.value?.held ? [scrubber.value.held.reason] : []),
  ];
  if (texts.length === 0)
    return <p class="well"><Icon of={CircleCheck} /> {t('all_well')}</p>;
  return (
    <div role="status">
      <ul class="warnings">
        {texts.map((text) => <li key={text} class="notice"><Icon of={TriangleAlert} /> {text}</li>)}
      </ul>
    </div>
  );
}

/** Shows what the user's own project uses, if the user is not an admin. */
function Own() {
  const data = useData('usage', (signal) => get<Usage>('/v2/info/usage', signal), {about: ['images', 'uploads']});
  const usage = data.value?.usage;
  if (!usage || isAdmin.value) return null;
  const of = (name: string, text: (value: number) => string) => {
    const {limit, usage: used} = usage[name] ?? {limit: -1, usage: 0};
    return {value: text(used), hint: limit < 0 ? undefined : t('of_limit', {limit: text(limit)})};
  };
  return (
    <div class="tiles">
      <Tile label={t('images')} {...of('image_count_total', number)} />
      <Tile label={t('space')} {...of('image_size_total', (value) => bytes(value * 1024 * 1024))} />
      <Tile label={t('running_uploads')} {...of('image_count_uploading', number)} />
    </div>
  );
}
