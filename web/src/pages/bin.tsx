import {RotateCcw, Trash2, TriangleAlert} from 'lucide';
import {useEffect, useMemo} from 'preact/hooks';
import {change, forEach, named, restoreImages, wordFor} from '../acts';
import {emptyBin, listBin, purge} from '../api/images';
import type {BinEntry} from '../api/types';
import {bytes, moment, until} from '../format';
import {confirm} from '../parts/dialog';
import {Icon} from '../parts/icon';
import {Pager, usePage} from '../parts/pager';
import {Age, Bar, Empty, Loading, Name, Page, Problem} from '../parts/show';
import {Choice, Choose, ChooseAll, SortHead} from '../parts/table';
import {say} from '../parts/toast';
import {route, setQuery} from '../route';
import {isAdmin, mayWrite, status} from '../session';
import {t} from '../text/text';

const usualOrder = 'deleted_at:desc';

async function purgeImages(images: BinEntry[]): Promise<void> {
  const word = images.length === 1 ? wordFor(images[0]!) : String(images.length);
  const sure = await confirm({title: t('purge_title', {n: images.length}), text: t('purge_text'),
                              details: named(images), action: t('purge'), word});
  if (!sure) return;
  const done = await forEach(images, (image) => purge(image.id));
  if (done.length > 0) say(t('purged', {n: done.length}));
}

async function empty(): Promise<void> {
  const text = isAdmin.value ? t('empty_bin_text_all') : t('empty_bin_text');
  const sure = await confirm({title: t('empty_bin'), text, action: t('empty_bin'), word: t('empty_bin_word')});
  if (!sure) return;
  await change(async () => {
    const run = await emptyBin(isAdmin.value);
    say(run.done === false ? t('run_goes_on') : t('run_did', {n: run.images, size: bytes(run.bytes_freed)}));
  });
}

export function Bin() {
  const query = route.value.query;
  const choice = useMemo(() => new Choice(), []);
  const search = query.get('search') ?? '';
  const asked = {search, sort: query.get('sort') ?? usualOrder};
  const list = `bin ${JSON.stringify(asked)}`;
  const data = usePage(list, (at, signal) => listBin({...asked, ...at}, signal));
  const rows = data.value?.rows ?? [];
  useEffect(() => choice.clear(), [list, query.get('marker')]);
  const chosen = rows.filter((image) => choice.has(image.id));
  return (
    <Page title={t('bin')} actions={mayWrite.value && rows.length > 0 && (
      <button type="button" class="danger outline" onClick={empty}><Icon of={Trash2} /> {t('empty_bin')}</button>
    )}>
      <BinSpace />
      {(rows.length > 0 || search) && (
        <form class="filters" aria-label={t('search')} onSubmit={(event) => event.preventDefault()}>
          <input type="search" aria-label={t('search')} placeholder={t('search_hint')} defaultValue={search}
            spellcheck={false} onChange={(event) => setQuery({search: event.currentTarget.value.trim(), marker: '',
                                                              page: ''})} />
        </form>
      )}
      {chosen.length > 0 && (
        <div class="chosen" role="toolbar" aria-label={t('with_chosen')}>
          <span>{t('n_chosen', {n: chosen.length})}</span>
          <button type="button" class="small" onClick={() => void restoreImages(chosen).then(choice.clear)}>
            <Icon of={RotateCcw} /> {t('restore')}
          </button>
          <button type="button" class="danger outline small"
            onClick={() => void purgeImages(chosen).then(choice.clear)}><Icon of={Trash2} /> {t('purge')}</button>
          <button type="button" class="plain" onClick={choice.clear}>{t('choose_none')}</button>
        </div>
      )}
      {data.error && <Problem error={data.error} />}
      {!data.value && data.loading && <Loading />}
      {data.value && rows.length === 0 && (
        <Empty icon={Trash2} title={search ? t('nothing_found') : t('bin_empty')}>
          {!search && <p>{t('bin_empty_hint')}</p>}
        </Empty>
      )}
      {rows.length > 0 && <BinTable rows={rows} choice={choice} />}
      <Pager list={list} shown={data.value} />
    </Page>
  );
}

/** Shows which share of the stored bytes is in the bin. */
function BinSpace() {
  const totals = status.value?.totals;
  if (!totals || totals.bin_images === 0) return null;
  const all = totals.bytes + totals.bin_bytes;
  const label = t('bin_holds', {n: totals.bin_images, size: bytes(totals.bin_bytes)});
  return (
    <div class="space">
      <Bar label={t('space')} total={all} parts={[
        {value: totals.bytes, kind: 'images', label: `${t('images')} ${bytes(totals.bytes)}`},
        {value: totals.bin_bytes, kind: 'bin', label: `${t('bin')} ${bytes(totals.bin_bytes)}`},
      ]} />
      <small>{label}</small>
    </div>
  );
}

function BinTable({rows, choice}: {rows: BinEntry[]; choice: Choice}) {
  const writes = mayWrite.value;
  return (
    <div class="table">
      <table>
        <caption class="out-of-sight">{t('bin')}</caption>
        <thead>
          <tr>
            {writes && <ChooseAll choice={choice} ids={rows.map((image) => image.id)} />}
            <SortHead by="name" usual={usualOrder}>{t('name')}</SortHead>
            <SortHead by="size" usual={usualOrder} class="wide number">{t('size')}</SortHead>
            <th scope="col" class="wide">{t('deleted_by')}</th>
            <SortHead by="deleted_at" usual={usualOrder} class="wide">{t('deleted')}</SortHead>
            <SortHead by="scrub_after" usual={usualOrder} class="wide">{t('scrubbed')}</SortHead>
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((image) => <BinRow key={image.id} image={image} choice={writes ? choice : undefined} />)}
        </tbody>
      </table>
    </div>
  );
}

function BinRow({image, choice}: {image: BinEntry; choice?: Choice}) {
  const due = t('scrubbed_in', {when: until(image.scrub_after)});
  return (
    <tr class={choice?.has(image.id) ? 'chosen-row' : ''}>
      {choice && <Choose choice={choice} id={image.id} name={image.name ?? image.id} />}
      <td class="main">
        <a href={`#/images/${image.id}`}><Name of={image.name} otherwise={image.id} /></a>
        <small class="phone">
          {bytes(image.size)} · {t('deleted_by_when', {who: image.deleted_by})} · {due}
        </small>
        {image.blocked && (
          <small class="blocked" title={t('blocked_next', {when: moment(image.blocked.next_attempt_at)})}>
            <Icon of={TriangleAlert} /> {t('blocked_why', {reason: image.blocked.reason, n: image.blocked.attempts})}
            {(image.blocked.by?.length ?? 0) > 0 && ` (${image.blocked.by!.join(', ')})`}
          </small>
        )}
      </td>
      <td class="wide number">{bytes(image.size)}</td>
      <td class="wide"><bdi class="owner">{image.deleted_by}</bdi></td>
      <td class="wide"><Age of={image.deleted_at} /></td>
      <td class="wide"><time dateTime={image.scrub_after} title={moment(image.scrub_after)}>{due}</time></td>
      <td class="acts">
        {choice && (
          <>
            <button type="button" class="secondary outline small" onClick={() => restoreImages([image])}>
              <Icon of={RotateCcw} /> {t('restore')}
            </button>
            <button type="button" class="plain" title={t('purge')}
              aria-label={t('purge_what', {what: image.name ?? image.id})} onClick={() => purgeImages([image])}>
              <Icon of={Trash2} />
            </button>
          </>
        )}
      </td>
    </tr>
  );
}
