import {CirclePause, FlaskConical, Play, RotateCw, SearchCheck, TriangleAlert, Wrench} from 'lucide';
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {get, post} from '../api/http';
import {listImages} from '../api/images';
import type {CheckState, ScrubberState, ScrubRun} from '../api/types';
import {bytes, duration, until} from '../format';
import {useData, type Topic} from '../live';
import {confirm} from '../parts/dialog';
import {Icon} from '../parts/icon';
import {Age, Badge, Loading, Name, Page, Problem} from '../parts/show';
import {say} from '../parts/toast';
import {UploadProgress} from '../parts/upload_progress';
import {linkTo} from '../route';
import {t, tOr} from '../text/text';
import {Section} from './image';
import {Workers} from './workers';

export function useScrubber(about: Topic[]) {
  // The progress of a run, and how long the scrubber is still on hold, change without a report.
  return useData('scrubber', (signal) => get<ScrubberState>('/api/scrubber', signal),
                 {about, isRunning: (state) => state.running !== null || state.held !== null});
}

export function ScrubberPage() {
  const data = useScrubber(['scrubber', 'images']);
  const state = data.value;
  const [plan, setPlan] = useState<ScrubRun | null>(null);
  const run = () => change(async () => {
    const done = await post<ScrubRun>('/api/scrubber/run', {});
    setPlan(null);
    say(done.held ? done.held : done.done === false ? t('run_goes_on')
      : t('run_did', {n: done.images, size: bytes(done.bytes_freed)}));
  });
  const dryRun = () => change(async () => setPlan(await post<ScrubRun>('/api/scrubber/run', {dry_run: true})));
  return (
    <Page title={t('scrubber')} actions={
      <>
        <button type="button" class="secondary outline" onClick={dryRun}>
          <Icon of={FlaskConical} /> {t('dry_run')}
        </button>
        <button type="button" onClick={run}><Icon of={Play} /> {t('run_now')}</button>
      </>
    }>
      {data.error && <Problem error={data.error} />}
      {!state && data.loading && <Loading />}
      {state && <Facts state={state} />}
      {plan && (
        <p class="notice" role="status">
          {plan.held || t('run_would', {n: plan.images, size: bytes(plan.bytes_freed)})}
        </p>
      )}
      {state && state.blocked.length > 0 && <Blocked state={state} retry={run} />}
      {state && <Section title={t('last_runs')}><Runs rows={state.last_runs} /></Section>}
      <Section title={t('running_uploads')}><RunningUploads /></Section>
      <Check />
      <Workers />
    </Page>
  );
}

function Facts({state}: {state: ScrubberState}) {
  return (
    <>
      {state.held && (
        <p class="notice" role="status">
          <Icon of={CirclePause} /> {state.held.reason} {t('held_for', {span: duration(state.held.remaining_seconds)})}
        </p>
      )}
      <div class="tiles">
        <Tile label={t('kept_for')} value={duration(state.scrub_time)} />
        <Tile label={t('next_due')} value={state.next_due_at ? until(state.next_due_at) : t('nothing_due')} />
        <Tile label={t('next_run')} value={state.running ? t('runs_now') : state.next_run_at ? until(state.next_run_at)
          : '–'} />
      </div>
    </>
  );
}

export function Tile({label, value, hint}: {label: string; value: string; hint?: string}) {
  return <div class="tile"><span>{label}</span><strong>{value}</strong>{hint && <small>{hint}</small>}</div>;
}

function Blocked({state, retry}: {state: ScrubberState; retry: () => void}) {
  return (
    <Section title={t('blocked')} actions={
      <button type="button" class="secondary outline small" onClick={retry}>
        <Icon of={RotateCw} /> {t('retry_now')}
      </button>
    }>
      <ul class="lines">
        {state.blocked.map((each) => (
          <li key={each.image_id}>
            <Icon of={TriangleAlert} />{' '}
            <a href={linkTo('images', each.image_id)}><Name of={each.name} otherwise={each.image_id} /></a>{' '}
            {t('blocked_why', {reason: each.reason, n: each.attempts})}{' '}
            <small class="muted">{t('blocked_next', {when: until(each.next_attempt_at)})}</small>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Runs({rows}: {rows: ScrubRun[]}) {
  if (rows.length === 0) return <p class="muted">{t('no_runs')}</p>;
  return (
    <div class="table">
      <table>
        <caption class="out-of-sight">{t('last_runs')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('started')}</th><th scope="col" class="wide">{t('trigger')}</th>
            <th scope="col" class="number">{t('images')}</th><th scope="col" class="number">{t('freed')}</th>
            <th scope="col" class="number">{t('failures')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((run) => (
            <tr key={run.id}>
              <td><Age of={run.started_at} />{!run.ended_at && <> <Badge of="running" tone="busy" /></>}</td>
              <td class="wide">{tOr(`trigger_${run.trigger}`, run.trigger)}</td>
              <td class="number">{run.images}</td>
              <td class="number">{bytes(run.bytes_freed)}</td>
              <td class={`number ${run.failures > 0 ? 'bad' : ''}`}>{run.failures}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const mostFollowed = 10;  // each progress bar loads its image whenever any upload progresses

function RunningUploads() {
  const asked = {status: 'in:saving,uploading,importing', limit: 100};
  const data = useData('running', (signal) => listImages(asked, signal), {about: ['images', 'uploads']});
  const rows = data.value?.rows ?? [];
  if (data.error) return <Problem error={data.error} />;
  if (rows.length === 0) return <p class="muted">{t('no_uploads')}</p>;
  return (
    <ul class="lines">
      {rows.map((image, at) => (
        <li key={image.id}>
          <Badge of={image.status} />{' '}
          <a href={linkTo('images', image.id)}><Name of={image.name} otherwise={image.id} /></a>{' '}
          <Age of={image.updated_at} />
          {at < mostFollowed && <UploadProgress image={image.id} />}
        </li>
      ))}
    </ul>
  );
}

function Check() {
  const data = useData('check', (signal) => get<CheckState>('/api/check', signal),
                       {about: ['events', 'scrubber'], isRunning: (check) => check.running});
  const state = data.value;
  const start = (repair: boolean) => change(() => post('/api/check', repair ? {repair} : {}));
  const repair = async () => {
    const text = t('check_repair_text');
    if (await confirm({title: t('check_repair'), text, action: t('check_repair')})) await start(true);
  };
  return (
    <Section title={t('check')} actions={
      <div class="actions">
        <button type="button" class="secondary outline small" disabled={state?.running} onClick={() => start(false)}>
          <Icon of={SearchCheck} /> {t('check_start')}
        </button>
        {(state?.findings ?? 0) > 0 && !state?.running && (
          <button type="button" class="small" onClick={repair}><Icon of={Wrench} /> {t('check_repair')}</button>
        )}
      </div>
    }>
      <p class="muted">{t('check_text')}</p>
      {data.error && <Problem error={data.error} />}
      {state?.running && (
        <progress value={state.checked} max={Math.max(1, state.expected)} aria-label={t('check')} />
      )}
      {state && !state.running && state.started_at && (
        <p>
          <Age of={state.started_at} />{': '}
          {state.error || (state.findings === 0 && state.catalog === 'ok' ? t('check_fine', {n: state.checked})
            : t('check_found', {n: state.findings}))}
        </p>
      )}
      {state && state.first_findings.length > 0 && (
        <ul class="lines">
          {state.first_findings.map((each, i) => (
            <li key={i}><Badge of={each.kind} tone="bad" /> <code>{each.image_id}</code> {each.detail}
              {each.repair && <small class="muted"> {each.repair}</small>}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}
