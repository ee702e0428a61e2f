import {ChevronLeft, CirclePause, CirclePlay, Download, Lock, LockOpen, RotateCcw, Trash2} from 'lucide';
import type {ComponentChildren} from 'preact';
import {change, deleteImages, restoreImages} from '../acts';
import {changeImage, dataPath, fileName, imageDetails, propertyPath, setActive} from '../api/images';
import type {ImageDetails} from '../api/types';
import {bytes, number} from '../format';
import {useData} from '../live';
import {Commands} from '../parts/commands';
import {Edit} from '../parts/edit';
import {Events} from '../parts/events';
import {Icon} from '../parts/icon';
import {Age, Badge, CopyButton, Loading, Name, Problem} from '../parts/show';
import {UploadProgress} from '../parts/upload_progress';
import {go, linkTo} from '../route';
import {isAdmin, mayWrite, session} from '../session';
import {t, tOr} from '../text/text';
import {Members} from './image_members';
import {Properties, Tags} from './image_properties';

export function ImagePage({id}: {id: string}) {
  const data = useData(id, (signal) => imageDetails(id, signal), {about: ['images', 'events']});
  const image = data.value;
  return (
    <>
      <a class="back" href={linkTo('images')}><Icon of={ChevronLeft} /> {t('images')}</a>
      {data.error && <Problem error={data.error} />}
      {!image && data.loading && <Loading />}
      {image && <Details image={image} />}
    </>
  );
}

function mayChange(image: ImageDetails): boolean {
  const inBin = image.status === 'pending_delete' || image.status === 'deleted';
  return !inBin && (isAdmin.value || (mayWrite.value && image.owner === session.value?.project?.id));
}

function Details({image}: {image: ImageDetails}) {
  const may = mayChange(image);
  const set = (name: string, value: unknown) =>
    change(() => changeImage(image.id, [{op: 'replace', path: propertyPath(name), value}]));
  return (
    <article class="image">
      <header class="page-head">
        <h1>
          <Edit label={t('name')} value={image.name ?? ''} may={may} save={(value) => set('name', value || null)}>
            <Name of={image.name} />
          </Edit>
        </h1>
        <div class="actions"><Acts image={image} may={may} set={set} /></div>
      </header>
      <p class="under-title">
        <Badge of={image.status} />
        <code>{image.id}</code> <CopyButton text={image.id} label={t('copy_what', {what: t('id')})} />
      </p>
      {image.status_reason && <p class="notice" role="status">{image.status_reason}</p>}
      {image.status === 'saving' && <UploadProgress image={image.id} />}
      {image.status === 'pending_delete' && (
        <p class="notice">{t('image_in_bin')}</p>
      )}
      <div class="columns">
        <Facts image={image} may={may} set={set} />
        <div>
          <Section title={t('tags')}><Tags image={image} may={may} /></Section>
          <Section title={t('properties')}><Properties image={image} may={may} /></Section>
        </div>
      </div>
      {image.visibility === 'shared' && image.status !== 'pending_delete' && (
        <Section title={t('members')}><Members image={image} may={may} /></Section>
      )}
      <Section title={t('history')}><Events rows={image.history} isOneImage /></Section>
    </article>
  );
}

export function Section({title, children, actions}: {title: string; children: ComponentChildren;
                                                      actions?: ComponentChildren}) {
  return (
    <section class="card">
      <header><h2>{title}</h2>{actions}</header>
      {children}
    </section>
  );
}

type Set = (name: string, value: unknown) => Promise<boolean>;

function Acts({image, may, set}: {image: ImageDetails; may: boolean; set: Set}) {
  const hasData = image.status === 'active' || image.status === 'deactivated';
  const mayRestore = image.status === 'pending_delete' &&
    (isAdmin.value || (mayWrite.value && image.owner === session.value?.project?.id));
  const mayDownload = image.status === 'active' || (image.status === 'deactivated' && isAdmin.value);
  return (
    <>
      {mayDownload && (
        <a role="button" href={dataPath(image.id)} download={fileName(image)}>
          <Icon of={Download} /> {t('download')}
        </a>
      )}
      {mayRestore && (
        <button type="button" onClick={() => restoreImages([image])}><Icon of={RotateCcw} /> {t('restore')}</button>
      )}
      {image.status !== 'pending_delete' && <Commands image={image} />}
      {may && hasData && (
        <button type="button" class="secondary outline" onClick={() => change(
          () => setActive(image.id, image.status !== 'active'),
          image.status === 'active' ? t('deactivated_told') : t('reactivated_told'))}>
          <Icon of={image.status === 'active' ? CirclePause : CirclePlay} />
          {image.status === 'active' ? t('deactivate') : t('reactivate')}
        </button>
      )}
      {may && (
        <button type="button" class="secondary outline" onClick={() => set('protected', !image.protected)}>
          <Icon of={image.protected ? LockOpen : Lock} /> {image.protected ? t('unprotect') : t('protect')}
        </button>
      )}
      {may && (
        <button type="button" class="danger outline" disabled={image.protected}
          title={image.protected ? t('protected_hint') : undefined}
          onClick={async () => (await deleteImages([image])) && go('images')}>
          <Icon of={Trash2} /> {t('delete')}
        </button>
      )}
    </>
  );
}

function Fact({label, children}: {label: string; children: ComponentChildren}) {
  return <><dt>{label}</dt><dd>{children}</dd></>;
}

function Facts({image, may, set}: {image: ImageDetails; may: boolean; set: Set}) {
  const setNumber = (name: string) => (value: string) => set(name, Number(value));
  const mayBePublic = isAdmin.value || image.visibility === 'public';
  const visible = ['private', 'shared', 'community', ...(mayBePublic ? ['public'] : [])];
  const truths: [string, string][] = [['true', t('yes')], ['false', t('no')]];
  return (
    <Section title={t('facts')}>
      <dl class="facts">
        <Fact label={t('size')}>
          {bytes(image.size)}
          {image.size !== null && <small class="muted"> {t('n_bytes', {n: number(image.size)})}</small>}
        </Fact>
        {image.virtual_size !== null && image.virtual_size !== image.size && (
          <Fact label={t('virtual_size')}>{bytes(image.virtual_size)}</Fact>
        )}
        <Fact label={t('format')}>{image.disk_format ?? '–'} / {image.container_format ?? '–'}</Fact>
        <Fact label={t('visibility')}>
          <Edit label={t('visibility')} value={image.visibility} may={may} save={(value) => set('visibility', value)}
            choices={visible.map((each) => [each, tOr(`visibility_${each}`, each)])}>
            {tOr(`visibility_${image.visibility}`, image.visibility)}
          </Edit>
        </Fact>
        <Fact label={t('protection')}>
          {image.protected ? <><Icon of={Lock} /> {t('protected')}</> : t('unprotected')}
        </Fact>
        <Fact label={t('hidden')}>
          <Edit label={t('hidden')} value={String(image.os_hidden)} may={may} choices={truths}
            save={(value) => set('os_hidden', value === 'true')}>{image.os_hidden ? t('yes') : t('no')}</Edit>
        </Fact>
        <Fact label={t('min_disk')}>
          <Edit label={t('min_disk')} value={String(image.min_disk)} may={may} type="number"
            save={setNumber('min_disk')}>
            {image.min_disk} GiB
          </Edit>
        </Fact>
        <Fact label={t('min_ram')}>
          <Edit label={t('min_ram')} value={String(image.min_ram)} may={may} type="number" save={setNumber('min_ram')}>
            {image.min_ram} MiB
          </Edit>
        </Fact>
        <Fact label={t('owner')}><bdi>{image.owner}</bdi></Fact>
        <Fact label={t('created')}><Age of={image.created_at} /></Fact>
        <Fact label={t('updated')}><Age of={image.updated_at} /></Fact>
        {image.checksum && <Digest name="MD5" value={image.checksum} />}
        {image.os_hash_value && <Digest name={(image.os_hash_algo ?? '').toUpperCase()} value={image.os_hash_value} />}
        {image.locations?.map((location, i) => (
          <Fact label={t('location')} key={i}>
            <span>{location.store}</span> <Badge of={location.state} />
            {location.allocated !== null && (
              <small class="muted"> {t('takes_up', {size: bytes(location.allocated)})}</small>
            )}
          </Fact>
        ))}
      </dl>
    </Section>
  );
}

function Digest({name, value}: {name: string; value: string}) {
  return (
    <Fact label={name}>
      <code class="digest" title={value}>{value}</code>
      <CopyButton text={value} label={t('copy_what', {what: name})} />
    </Fact>
  );
}
