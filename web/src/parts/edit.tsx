// Value that is edited in place: a button turns it into a field, Enter saves, Escape cancels.
import {Check, Pencil, X} from 'lucide';
import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import {t} from '../text/text';
import {Icon} from './icon';

interface EditProps {
  label: string;
  value: string;
  may: boolean;  // whether the user may edit it
  save: (value: string) => Promise<boolean>;  // resolves to whether it was saved
  children: ComponentChildren;                // the value as it is shown
  choices?: [string, string][];               // allowed values and their texts; default: any text
  type?: 'text' | 'number';
  maxLength?: number;
}

export function Edit({label, value, may, save, children, choices, type = 'text', maxLength = 255}: EditProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (draft === null)
    return (
      <span class="edit">
        {children}
        {may && (
          <button type="button" class="plain pencil" aria-label={t('edit_what', {what: label})} title={t('edit')}
            onClick={() => setDraft(value)}><Icon of={Pencil} /></button>
        )}
      </span>
    );
  const keep = async (text: string) => {
    setBusy(true);
    if (text === value || await save(text)) setDraft(null);
    setBusy(false);
  };
  return (
    <form class="edit" onSubmit={(event) => { event.preventDefault(); void keep(draft); }}
      onKeyDown={(event) => event.key === 'Escape' && setDraft(null)}>
      {choices ? (
        <select autoFocus aria-label={label} value={draft} onChange={(event) => setDraft(event.currentTarget.value)}>
          {choices.map(([each, text]) => <option value={each} key={each}>{text}</option>)}
        </select>
      ) : (
        <input autoFocus aria-label={label} {...(type === 'number' ? {type, min: 0} as object : {})} value={draft}
          maxLength={maxLength} dir="auto" onInput={(event) => setDraft(event.currentTarget.value)} />
      )}
      <button type="submit" class="plain" aria-label={t('save')} disabled={busy}><Icon of={Check} /></button>
      <button type="button" class="plain" aria-label={t('cancel')} onClick={() => setDraft(null)}>
        <Icon of={X} />
      </button>
    </form>
  );
}
