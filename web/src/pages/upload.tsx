import {FileUp, FolderUp, Play} from 'lucide';
import {useRef} from 'preact/hooks';
import {Icon} from '../parts/icon';
import {Page} from '../parts/show';
import {t} from '../text/text';
import {addFiles, dropDone, start, uploads} from '../upload/queue';
import {OneUpload} from './upload_one';

export function UploadPage() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement) => {
    void addFiles([...(input.files ?? [])]);
    input.value = '';
  };
  const ready = uploads.value.filter((each) => each.state === 'ready');
  return (
    <Page title={t('upload')} actions={uploads.value.some((each) => each.state === 'done') && (
      <button type="button" class="secondary outline" onClick={dropDone}>{t('upload_clear')}</button>
    )}>
      <div class="drop-zone">
        <Icon of={FileUp} />
        <p>{t('upload_drop')}</p>
        <div class="actions">
          <button type="button" onClick={() => files.current?.click()}><Icon of={FileUp} /> {t('choose_files')}</button>
          <button type="button" class="secondary outline" onClick={() => folder.current?.click()}>
            <Icon of={FolderUp} /> {t('choose_folder')}
          </button>
        </div>
        <input ref={files} type="file" multiple hidden aria-label={t('choose_files')}
          onChange={(event) => take(event.currentTarget)} />
        <input ref={folder} type="file" {...{webkitdirectory: true}} hidden aria-label={t('choose_folder')}
          onChange={(event) => take(event.currentTarget)} />
      </div>
      {ready.length > 1 && (
        <p><button type="button" onClick={() => start(ready.map((each) => each.id))}>
          <Icon of={Play} /> {t('upload_all', {n: ready.length})}
        </button></p>
      )}
      <ul class="uploads">{uploads.value.map((each) => <OneUpload key={each.id} upload={each} />)}</ul>
    </Page>
  );
}
