import {listEvents} from '../api/images';
import {actionText, Events} from '../parts/events';
import {Pager, usePage} from '../parts/pager';
import {Loading, Page, Problem} from '../parts/show';
import {route, setQuery} from '../route';
import {t} from '../text/text';

const actions = ['image.create', 'image.upload', 'image.update', 'image.download', 'image.deactivate',
  'image.reactivate', 'image.delete', 'image.restore', 'image.purge', 'image.scrub', 'member.add', 'member.answer',
  'member.remove', 'scrubber.run', 'check.start'];

export function Activity() {
  const query = route.value.query;
  const action = query.get('action') ?? '';
  const result = query.get('result') ?? '';
  const asked = {action, result};
  const list = `events ${JSON.stringify(asked)}`;
  const data = usePage(list, (at, signal) => listEvents({...asked, ...at}, signal), ['events']);
  const set = (name: string, value: string) => setQuery({[name]: value, marker: '', page: ''});
  return (
    <Page title={t('activity')}>
      <form class="filters" onSubmit={(event) => event.preventDefault()}>
        <select aria-label={t('what')} value={action} onChange={(event) => set('action', event.currentTarget.value)}>
          <option value="">{t('what')}</option>
          {actions.map((each) => <option key={each} value={each}>{actionText(each)}</option>)}
        </select>
        <select aria-label={t('result')} value={result} onChange={(event) => set('result', event.currentTarget.value)}>
          <option value="">{t('result')}</option>
          <option value="done">{t('state_done')}</option>
          <option value="refused">{t('state_refused')}</option>
        </select>
      </form>
      {data.error && <Problem error={data.error} />}
      {!data.value && data.loading && <Loading />}
      {data.value && <Events rows={data.value.rows} />}
      <Pager list={list} shown={data.value} />
    </Page>
  );
}
