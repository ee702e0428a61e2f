import {useState} from 'preact/hooks';
import {t} from '../text/text';

/** Form for a new password, entered twice, so that a typing error locks nobody out. `old`: also ask for the old one. */
export function PasswordFields({user, old, save}: {user: string; old?: boolean;
                                                   save: (fresh: string, old: string) => Promise<void>}) {
  const [before, setBefore] = useState('');
  const [fresh, setFresh] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const differs = again !== '' && again !== fresh;
  const send = async () => {
    setBusy(true);
    await save(fresh, before);
    setBusy(false);
    setBefore('');
    setFresh('');
    setAgain('');
  };
  return (
    <form class="stack" onSubmit={(event) => { event.preventDefault(); if (!differs) void send(); }}>
      <input class="out-of-sight" type="text" name="username" autocomplete="username" value={user} readOnly
        tabIndex={-1} aria-hidden="true" />
      {old && (
        <label>
          {t('password_old')}
          <input type="password" autocomplete="current-password" required value={before}
            onInput={(event) => setBefore(event.currentTarget.value)} />
        </label>
      )}
      <label>
        {t('password_new')}
        <input type="password" autocomplete="new-password" required value={fresh}
          onInput={(event) => setFresh(event.currentTarget.value)} />
      </label>
      <label>
        {t('password_again')}
        <input type="password" autocomplete="new-password" required value={again} aria-invalid={differs || undefined}
          onInput={(event) => setAgain(event.currentTarget.value)} />
        {differs && <small>{t('password_differs')}</small>}
      </label>
      <button type="submit" disabled={busy || differs || again === ''} aria-busy={busy}>{t('password_set')}</button>
    </form>
  );
}
