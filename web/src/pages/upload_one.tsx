// Card of one upload: the fields of its image, its progress and its buttons.
import {CircleCheck, FileUp, Pause, Play, RotateCw, Trash2, TriangleAlert, WifiOff, X} from 'lucide';
import {useRef} from 'preact/hooks';
import {bytes, duration} from '../format';
import {useData} from '../live';
import {Icon} from '../parts/icon';
import {linkTo} from '../route';
import {isAdmin} from '../session';
import {t, tOr} from '../text/text';
import {drop, goOn, isRunning, look, pause, setImage, start, type Upload} from '../upload/queue';

const formats = ['raw', 'qcow2', 'vmdk', 'vhd', 'vhdx', 'vdi', 'iso', 'ami', 'ari', 'aki', 'ploop'];
const containers = ['bare', 'ovf', 'ova', 'ami', 'ari', 'aki', 'docker', 'compressed'];

export function OneUpload({upload}: {upload: Upload}) {
  const {state, fileName, image, reason} = upload;
  const isEditable = state === 'ready' || state === 'failed';
  return (
    <li class="card upload">
      <header>
        <h2><bdi>{isEditable || state === 'interrupted' ? fileName : image.name}</bdi></h2>
        <span class="muted">{bytes(upload.size)}</span>
        <Acts upload={upload} />
      </header>
      {isEditable && <Fields upload={upload} />}
      {upload.isCompressed && state === 'ready' && (
        <p class="notice"><Icon of={TriangleAlert} /> {t('upload_compressed')}</p>
      )}
      {reason && state !== 'away' && <p class="problem" role="alert">{reason}</p>}
      {state === 'interrupted' && <p class="notice"><Icon of={TriangleAlert} /> {t('upload_interrupted')}</p>}
      {!isEditable && state !== 'done' && <Progress upload={upload} />}
    </li>
  );
}

function Acts({upload}: {upload: Upload}) {
  const {state, id, fileName, begun} = upload;
  return (
    <div class="actions">
      {state === 'done' && begun && (
        <a href={linkTo('images', begun.place.imageId)}><Icon of={CircleCheck} /> {t('upload_done')}</a>
      )}
      {state === 'ready' && (
        <button type="button" class="small" onClick={() => start([id])}><Icon of={Play} /> {t('upload_start')}</button>
      )}
      {state === 'failed' && (
        <button type="button" class="small" onClick={() => start([id])}><Icon of={RotateCw} /> {t('again')}</button>
      )}
      {state === 'paused' && (
        <button type="button" class="small" onClick={() => start([id])}><Icon of={Play} /> {t('go_on')}</button>
      )}
      {(state === 'running' || state === 'away') && (
        <button type="button" class="secondary outline small" onClick={() => pause(id)}>
          <Icon of={Pause} /> {t('upload_pause')}
        </button>
      )}
      {state === 'interrupted' && <ChooseAgain upload={upload} />}
      <button type="button" class="plain" disabled={state === 'ending'} onClick={() => void drop(id)}
        aria-label={t(begun && state !== 'done' ? 'upload_cancel' : 'remove_what', {what: fileName})}>
        <Icon of={isRunning(state) ? X : Trash2} />
      </button>
    </div>
  );
}

function ChooseAgain({upload}: {upload: Upload}) {
  useData(`upload ${upload.id}`, () => look(upload.id), {about: ['uploads'], isRunning: () => true});
  const input = useRef<HTMLInputElement>(null);
  const take = (it: HTMLInputElement) => {
    const file = it.files?.[0];
    it.value = '';
    if (file) void goOn(upload.id, file);
  };
  return (
    <>
      <button type="button" class="small" onClick={() => input.current?.click()}>
        <Icon of={FileUp} /> {t('upload_choose_again')}
      </button>
      <input ref={input} type="file" hidden aria-label={t('upload_choose_again')}
        onChange={(event) => take(event.currentTarget)} />
    </>
  );
}

function Fields({upload}: {upload: Upload}) {
  const {id, image} = upload;
  const visible = ['private', 'shared', 'community', ...(isAdmin.value ? ['public'] : [])];
  return (
    <div class="fields">
      <label>
        {t('name')}
        <input value={image.name} maxLength={255} dir="auto"
          onInput={(event) => setImage(id, {name: event.currentTarget.value})} />
      </label>
      <Choose label={t('format')} value={image.disk_format} values={formats}
        set={(value) => setImage(id, {disk_format: value})} />
      <Choose label={t('container')} value={image.container_format} values={containers}
        set={(value) => setImage(id, {container_format: value})} />
      <Choose label={t('visibility')} value={image.visibility} values={visible} prefix="visibility"
        set={(value) => setImage(id, {visibility: value})} />
    </div>
  );
}

function Choose({label, value, values, prefix, set}: {label: string; value: string; values: string[]; prefix?: string;
                                                      set: (value: string) => void}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {values.map((each) => (
          <option key={each} value={each}>{prefix ? tOr(`${prefix}_${each}`, each) : each}</option>
        ))}
      </select>
    </label>
  );
}

function Progress({upload}: {upload: Upload}) {
  const {size, sent, state, reason} = upload;
  return (
    <div class="progress">
      <progress value={sent} max={Math.max(1, size)} aria-label={upload.image.name} />
      <small>
        {told(upload)} <span class="away" role="status">{state === 'away' && <Away reason={reason} />}</span>
      </small>
    </div>
  );
}

function Away({reason}: {reason?: string}) {
  return <><Icon of={WifiOff} /> {reason ? t('upload_away_why', {reason}) : t('upload_away')}</>;
}

function told({state, size, sent, speed}: Upload): string {
  const part = t('upload_sent', {sent: bytes(sent), size: bytes(size)});
  if (state === 'waiting') return t('upload_waiting');
  if (state === 'finishing') return t('upload_finishing');
  if (state === 'ending') return t('upload_ending');
  if (state === 'interrupted' && sent === 0) return '…';  // until the appliance has reported the offset
  if (state === 'paused') return `${part} · ${t('upload_paused')}`;
  if (speed <= 0) return part;
  return `${part} · ${bytes(speed)}/s · ${t('upload_left', {span: duration((size - sent) / speed)})}`;
}
