// Pages of long lists. The appliance returns one page at a time, which begins after a marker.
import {ChevronLeft, ChevronRight} from 'lucide';
import type {List} from '../api/images';
import {type Data, type Topic, useData} from '../live';
import {route, setQuery} from '../route';
import {t} from '../text/text';
import {Icon} from './icon';

const pageSize = 100;

/** Rows of one page, and which page it is. */
export interface Shown<T> extends List<T> {
  list: string;
  marker: string;
  page: number;  // from 1
}

type LoadPage<T> = (at: {marker: string; limit: number}, signal: AbortSignal) => Promise<List<T>>;

const askedFor = (list: string) => ({
  list,
  marker: route.value.query.get('marker') ?? '',
  page: Number(route.value.query.get('page') ?? '1'),
});

/** Returns the page that the address names (a hook). `list` identifies the list, its filters and its order. The old
 * rows stay until the new ones are loaded; the value says which list and page its rows are of. */
export function usePage<T>(list: string, load: LoadPage<T>, about?: Topic[]): Data<Shown<T>> {
  const asked = askedFor(list);
  return useData<Shown<T>>(`${list} ${asked.marker}`, async (signal) => {
    return {...await load({marker: asked.marker, limit: pageSize}, signal), ...asked};
  }, {about, keep: true});
}

// Markers of the pages before the current one, for the way back; the key is the list.
const trails = new Map<string, string[]>();

/** Shows the buttons to the pages before and after `shown`. If no page could be loaded, the page that the address names
 * is used. */
export function Pager({list, shown}: {list: string; shown?: Shown<unknown>}) {
  const {marker, page, rows, next} = shown ?? {...askedFor(list), rows: [], next: undefined};
  if (!marker && !next && page === 1) return null;
  const trail = trails.get(list) ?? [];
  const turn = (to: string, number: number) => {
    if (shown && shown.list !== list) return;  // `to` is a marker of the old list, which is still shown
    setQuery({marker: to, page: number > 1 ? String(number) : ''});
    window.scrollTo(0, 0);
  };
  const forth = () => {
    trails.set(list, [...trail.slice(0, page - 1), marker]);
    turn(next ?? '', page + 1);
  };
  const back = () => {
    // The earlier markers are unknown after a reload: go to the first page.
    const before = page > 2 ? (trail[page - 2] ?? '') : '';
    turn(before, before ? page - 1 : 1);
  };
  return (
    <nav class="pager" aria-label={t('pages')}>
      <button type="button" class="secondary outline small" disabled={page === 1} onClick={back}>
        <Icon of={ChevronLeft} /> {t('page_back')}
      </button>
      <span>{t('page_range', {from: (page - 1) * pageSize + 1, to: (page - 1) * pageSize + rows.length})}</span>
      <button type="button" class="secondary outline small" disabled={!next} onClick={forth}>
        {t('page_next')} <Icon of={ChevronRight} />
      </button>
    </nav>
  );
}
