// Table of the background workers: when each one is next due, and its last error.
import type {WorkerState} from '../api/types';
import {number, until} from '../format';
import {Age} from '../parts/show';
import {status} from '../session';
import {t, tOr} from '../text/text';
import {Section} from './image';

export const workerName = ({name}: WorkerState) => tOr(`worker_${name}`, name);

/** Shows the table of the workers; null if the user may not see them. */
export function Workers() {
  const rows = status.value?.workers;
  if (!rows) return null;
  return (
    <Section title={t('workers')}>
      <div class="table">
        <table>
          <caption class="out-of-sight">{t('workers')}</caption>
          <thead>
            <tr>
              <th scope="col">{t('name')}</th><th scope="col">{t('next_run')}</th>
              <th scope="col" class="number">{t('failures')}</th><th scope="col" class="wide">{t('last_error')}</th>
            </tr>
          </thead>
          <tbody>{rows.map((worker) => <Row key={worker.name} worker={worker} />)}</tbody>
        </table>
      </div>
    </Section>
  );
}

function Row({worker}: {worker: WorkerState}) {
  const next = worker.is_busy ? t('runs_now') : worker.next_turn_at ? until(worker.next_turn_at) : t('worker_waits');
  return (
    <tr>
      <td>{workerName(worker)}</td>
      <td>{next}</td>
      <td class={`number ${worker.failures_in_a_row > 0 ? 'bad' : ''}`}>{number(worker.failures)}</td>
      <td class="wide">{worker.last_error_at && <><Age of={worker.last_error_at} />: {worker.last_error}</>}</td>
    </tr>
  );
}
