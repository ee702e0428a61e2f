// Lists that are too long for one page: the appliance gives them page by page, each from a marker on.
import {ChevronLeft, ChevronRight} from 'lucide';
import type {List} from '../api/images';
import {type Data, type Topic, useData} from '../live';
import {route, setQuery} from '../route';
import {t} from '../text/text';
import {Icon} from './icon';

const pageSize = 100;

/** The rows of one page, and which page that is. */
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

/** The page that the address asks for. `list` names what is listed, with its filters and its order. The rows before
 * stay until those are there; the value says whose they are, so that nothing told of them is about others. */
export function usePage<T>(list: string, load: LoadPage<T>, about?: Topic[]): Data<Shown<T>> {
  const asked = askedFor(list);
  return useData<Shown<T>>(`${list} ${asked.marker}`, async (signal) => {
    return {...await load({marker: asked.marker, limit: pageSize}, signal), ...asked};
  }, {about, keep: true});
}

// The markers of the pages before the one that is shown, for the way back; by what is listed.
const trails = new Map<string, string[]>();

/** The way through a list, from the page that is shown; where it could not be had, from the one that was asked for. */
export function Pager({list, shown}: {list: string; shown?: Shown<unknown>}) {
  const {marker, page, rows, next} = shown ?? {...askedFor(list), rows: [], next: undefined};
  if (!marker && !next && page === 1) return null;
  const trail = trails.get(list) ?? [];
  const turn = (to: string, number: number) => {
    if (shown && shown.list !== list) return;  // a marker of another list leads nowhere in this one
    setQuery({marker: to, page: number > 1 ? String(number) : ''});
    window.scrollTo(0, 0);
  };
  const forth = () => {
    trails.set(list, [...trail.slice(0, page - 1), marker]);
    turn(next ?? '', page + 1);
  };
  const back = () => {
    // After a reload the way back is not known any more: then to the first page.
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
