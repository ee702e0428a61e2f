// Tags and properties of an image, changed one at a time.
import {Plus, Trash2, X} from 'lucide';
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {addTag, changeImage, properties, propertyPath, removeTag} from '../api/images';
import type {ImageDetails} from '../api/types';
import {Edit} from '../parts/edit';
import {Icon} from '../parts/icon';
import {t} from '../text/text';

const longestTag = 255;

export function Tags({image, may}: {image: ImageDetails; may: boolean}) {
  const [draft, setDraft] = useState('');
  const add = async () => {
    const tag = draft.trim();
    if (tag !== '' && await change(() => addTag(image.id, tag))) setDraft('');
  };
  return (
    <>
      <ul class="chips">
        {image.tags.map((tag) => (
          <li class="chip" key={tag}>
            <bdi>{tag}</bdi>
            {may && (
              <button type="button" class="plain" aria-label={t('remove_what', {what: tag})}
                onClick={() => change(() => removeTag(image.id, tag))}><Icon of={X} /></button>
            )}
          </li>
        ))}
      </ul>
      {image.tags.length === 0 && !may && <p class="muted">{t('no_tags')}</p>}
      {may && (
        <form class="row" onSubmit={(event) => { event.preventDefault(); void add(); }}>
          <input aria-label={t('new_tag')} placeholder={t('new_tag')} value={draft} maxLength={longestTag} dir="auto"
            onInput={(event) => setDraft(event.currentTarget.value)} />
          <button type="submit" class="secondary outline" disabled={draft.trim() === ''}>
            <Icon of={Plus} /> {t('add')}
          </button>
        </form>
      )}
    </>
  );
}

export function Properties({image, may}: {image: ImageDetails; may: boolean}) {
  const rows = properties(image);
  return (
    <>
      {rows.length === 0 && <p class="muted">{t('no_properties')}</p>}
      {rows.length > 0 && (
        <div class="table">
          <table class="pairs">
            <caption class="out-of-sight">{t('properties')}</caption>
            <thead class="out-of-sight">
              <tr><th scope="col">{t('name')}</th><th scope="col">{t('value')}</th><td /></tr>
            </thead>
            <tbody>
              {rows.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row"><bdi>{name}</bdi></th>
                  <td>
                    <Edit label={name} value={value} may={may} maxLength={65535} save={(to) =>
                      change(() => changeImage(image.id, [{op: 'replace', path: propertyPath(name), value: to}]))}>
                      <bdi class="value">{value}</bdi>
                    </Edit>
                  </td>
                  <td class="acts">
                    {may && (
                      <button type="button" class="plain" aria-label={t('remove_what', {what: name})}
                        onClick={() => change(() => changeImage(image.id, [{op: 'remove', path: propertyPath(name)}]))}>
                        <Icon of={Trash2} />
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {may && <NewProperty image={image} />}
    </>
  );
}

function NewProperty({image}: {image: ImageDetails}) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const add = async () => {
    const op = {op: 'add' as const, path: propertyPath(name.trim()), value};
    if (!await change(() => changeImage(image.id, [op]))) return;
    setName('');
    setValue('');
  };
  return (
    <form class="row" onSubmit={(event) => { event.preventDefault(); void add(); }}>
      <input aria-label={t('property_name')} placeholder={t('property_name')} value={name} maxLength={255}
        spellcheck={false} onInput={(event) => setName(event.currentTarget.value)} />
      <input aria-label={t('value')} placeholder={t('value')} value={value} dir="auto"
        onInput={(event) => setValue(event.currentTarget.value)} />
      <button type="submit" class="secondary outline" disabled={name.trim() === ''}>
        <Icon of={Plus} /> {t('add')}
      </button>
    </form>
  );
}
