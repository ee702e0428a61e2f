import {HardDrive, Lock, SearchX, Trash2, Upload, X} from 'lucide';
import {useEffect, useMemo, useRef} from 'preact/hooks';
import {deleteImages} from '../acts';
import {listImages} from '../api/images';
import type {Image} from '../api/types';
import {bytes} from '../format';
import {Icon} from '../parts/icon';
import {Pager, usePage} from '../parts/pager';
import {Age, Badge, Empty, Loading, Name, Page, Problem} from '../parts/show';
import {Choice, Choose, ChooseAll, SortHead} from '../parts/table';
import {linkTo, route, setQuery} from '../route';
import {isAdmin, mayWrite} from '../session';
import {t, tOr} from '../text/text';

const typingPause = 200;  // milliseconds
const statuses = ['active', 'queued', 'saving', 'uploading', 'importing', 'deactivated'];
const formats = ['raw', 'qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi', 'iso', 'ami', 'ari', 'aki', 'ploop'];
const visibilities = ['private', 'shared', 'community', 'public'];
const filterNames = ['search', 'status', 'disk_format', 'visibility', 'protected', 'os_hidden', 'owner', 'tag'];

export function Images() {
  const query = route.value.query;
  const choice = useMemo(() => new Choice(), []);
  const filters = Object.fromEntries(filterNames.map((name) => [name, query.get(name) ?? '']));
  const isFiltered = Object.values(filters).some((value) => value !== '');
  const asked = {...filters, sort: query.get('sort') ?? ''};
  const list = JSON.stringify(asked);
  const data = usePage(list, (at, signal) => listImages({...asked, ...at}, signal));
  const rows = data.value?.rows ?? [];
  useEffect(() => choice.clear(), [list, query.get('marker')]);
  const chosen = rows.filter((image) => choice.has(image.id));

  return (
    <Page title={t('images')} actions={mayWrite.value && (
      <a role="button" href={linkTo('upload')}><Icon of={Upload} /> {t('upload')}</a>
    )}>
      <Filters />
      {chosen.length > 0 && (
        <div class="chosen" role="toolbar" aria-label={t('with_chosen')}>
          <span>{t('n_chosen', {n: chosen.length})}</span>
          <button type="button" class="danger outline small" onClick={async () => {
            if (await deleteImages(chosen)) choice.clear();
          }}><Icon of={Trash2} /> {t('delete')}</button>
          <button type="button" class="plain" onClick={choice.clear}>{t('choose_none')}</button>
        </div>
      )}
      {data.error && <Problem error={data.error} />}
      {!data.value && data.loading && <Loading />}
      {data.value && rows.length === 0 && (isFiltered ? (
        <Empty icon={SearchX} title={t('nothing_found')}>
          <button type="button" class="secondary outline small"
            onClick={() => setQuery(Object.fromEntries([...filterNames, 'marker', 'page'].map((name) => [name, ''])))}>
            {t('filters_clear')}
          </button>
        </Empty>
      ) : (
        <Empty icon={HardDrive} title={t('no_images')}>
          {mayWrite.value && <p>{t('no_images_hint')}</p>}
        </Empty>
      ))}
      {rows.length > 0 && <ImageTable rows={rows} choice={choice} />}
      <Pager list={list} shown={data.value} />
    </Page>
  );
}

function Filters() {
  const query = route.value.query;
  const field = useRef<HTMLInputElement>(null);
  const timer = useRef(0);
  useEffect(() => {
    // The key "/" moves the focus to the search, as on many sites.
    const onKey = (event: KeyboardEvent) => {
      const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName);
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  const set = (name: string, value: string) => setQuery({[name]: value, marker: '', page: ''});
  const search = (value: string) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => set('search', value.trim()), typingPause);
  };
  return (
    <form class="filters" aria-label={t('search')} onSubmit={(event) => event.preventDefault()}>
      <input ref={field} type="search" aria-label={t('search')} placeholder={t('search_hint')}
        defaultValue={query.get('search') ?? ''} key={query.has('search') ? 'filled' : 'empty'} maxLength={255}
        autoFocus={query.has('search')} onInput={(event) => search(event.currentTarget.value)} spellcheck={false} />
      <Pick name="status" label={t('status')} values={statuses} text={(each) => tOr(`state_${each}`, each)} set={set} />
      <Pick name="disk_format" label={t('format')} values={formats} text={(each) => each} set={set} />
      <Pick name="visibility" label={t('visibility')} values={visibilities}
        text={(each) => tOr(`visibility_${each}`, each)} set={set} />
      <Pick name="protected" label={t('protection')} values={['true', 'false']}
        text={(each) => (each === 'true' ? t('protected') : t('unprotected'))} set={set} />
      {query.get('tag') && (
        <button type="button" class="chip" onClick={() => set('tag', '')}>
          {t('tag_is', {tag: query.get('tag')!})} <Icon of={X} label={t('filters_clear')} />
        </button>
      )}
    </form>
  );
}

function Pick({name, label, values, text, set}: {name: string; label: string; values: string[];
                                                  text: (value: string) => string;
                                                  set: (name: string, value: string) => void}) {
  const chosen = route.value.query.get(name) ?? '';
  return (
    <select aria-label={label} value={chosen} class={chosen ? 'set' : ''}
      onChange={(event) => set(name, event.currentTarget.value)}>
      <option value="">{label}</option>
      {values.map((each) => <option value={each} key={each}>{text(each)}</option>)}
    </select>
  );
}

function ImageTable({rows, choice}: {rows: Image[]; choice: Choice}) {
  const ids = rows.map((image) => image.id);
  const writes = mayWrite.value;
  return (
    <div class="table">
      <table>
        <caption class="out-of-sight">{t('images')}</caption>
        <thead>
          <tr>
            {writes && <ChooseAll choice={choice} ids={ids} />}
            <SortHead by="name">{t('name')}</SortHead>
            <SortHead by="status" class="wide">{t('status')}</SortHead>
            <SortHead by="disk_format" class="wide">{t('format')}</SortHead>
            <SortHead by="size" class="wide number">{t('size')}</SortHead>
            <SortHead by="visibility" class="wide">{t('visibility')}</SortHead>
            {isAdmin.value && <SortHead by="owner" class="widest">{t('owner')}</SortHead>}
            <SortHead by="created_at" class="wide">{t('age')}</SortHead>
          </tr>
        </thead>
        <tbody>
          {rows.map((image) => <ImageRow key={image.id} image={image} choice={writes ? choice : undefined} />)}
        </tbody>
      </table>
    </div>
  );
}

function ImageRow({image, choice}: {image: Image; choice?: Choice}) {
  return (
    <tr class={choice?.has(image.id) ? 'chosen-row' : ''}>
      {choice && <Choose choice={choice} id={image.id} name={image.name ?? image.id} />}
      <td class="main">
        <a href={linkTo('images', image.id)}><Name of={image.name} otherwise={image.id} /></a>
        {image.protected && <span title={t('protected')}><Icon of={Lock} label={t('protected')} /></span>}
        {image.tags.slice(0, 4).map((tag) => (
          <a class="chip" key={tag} href={linkTo('images', '', {tag})}><bdi>{tag}</bdi></a>
        ))}
        <small class="phone">
          <Badge of={image.status} /> {image.disk_format ?? ''} · {bytes(image.size)} · <Age of={image.created_at} />
        </small>
      </td>
      <td class="wide"><Badge of={image.status} /></td>
      <td class="wide">{image.disk_format ?? '–'}</td>
      <td class="wide number">{bytes(image.size)}</td>
      <td class="wide">{tOr(`visibility_${image.visibility}`, image.visibility)}</td>
      {isAdmin.value && <td class="widest"><bdi class="owner">{image.owner}</bdi></td>}
      <td class="wide"><Age of={image.created_at} /></td>
    </tr>
  );
}
