import {LogIn} from 'lucide';
import {useEffect, useState} from 'preact/hooks';
import {LanguageChoice} from '../parts/choices';
import {Icon} from '../parts/icon';
import {PasswordFields} from '../parts/password';
import {go, route} from '../route';
import {changePassword, session, signIn, type SignIn as Asked} from '../session';
import {t} from '../text/text';

export function SignIn() {
  const oneTime = route.value.query.get('one_time');
  return (
    <main class="door">
      <div class="card">
        <p class="brand"><img src={iconAddress()} alt="" width="40" height="40" /> Reprieve</p>
        {oneTime ? <OneTime secret={oneTime} /> : <WithPassword />}
      </div>
      <LanguageChoice />
    </main>
  );
}

export const iconAddress = () => document.querySelector<HTMLLinkElement>('link[rel=icon]')?.href ?? '';

function WithPassword() {
  const [asked, setAsked] = useState<Asked>({name: '', password: '', project: '', domain: ''});
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const set = (field: keyof Asked) => (event: {currentTarget: HTMLInputElement}) =>
    setAsked({...asked, [field]: event.currentTarget.value});
  const send = async () => {
    setBusy(true);
    setError('');
    try {
      const {name, password, project, domain} = asked;
      await signIn({name, password, ...(project ? {project} : {}), ...(domain ? {domain} : {})});
    } catch (problem) {
      setError((problem as Error).message);
    }
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); void send(); }}>
      <h1>{t('sign_in')}</h1>
      <label>
        {t('user_name')}
        <input autoFocus name="username" autocomplete="username" autocapitalize="none" spellcheck={false} required
          value={asked.name} onInput={set('name')} />
      </label>
      <label>
        {t('password')}
        <input type="password" name="password" autocomplete="current-password" required value={asked.password}
          onInput={set('password')} />
      </label>
      <details>
        <summary>{t('sign_in_more')}</summary>
        <label>{t('project')}<input name="project" value={asked.project} onInput={set('project')} /></label>
        <label>{t('domain')}<input name="domain" value={asked.domain} onInput={set('domain')} /></label>
      </details>
      {error && <p class="problem" role="alert">{error}</p>}
      <button type="submit" aria-busy={busy} disabled={busy}><Icon of={LogIn} /> {t('sign_in')}</button>
    </form>
  );
}

/** Sign-in by the link of the first start. Its secret works once; then the user must choose a password. */
function OneTime({secret}: {secret: string}) {
  const [error, setError] = useState('');
  const use = async () => {
    try {
      await signIn({one_time: secret});
      go('');
    } catch (problem) {
      setError((problem as Error).message);
    }
  };
  return (
    <form onSubmit={(event) => { event.preventDefault(); void use(); }}>
      <h1>{t('welcome')}</h1>
      <p>{t('one_time_text')}</p>
      {error && <p class="problem" role="alert">{error}</p>}
      {error ? <a href="#/">{t('sign_in')}</a> : <button type="submit" autoFocus>{t('go_on')}</button>}
    </form>
  );
}

/** Page that a user who signed in by the one-time link sees until a password is chosen. */
export function FirstPassword() {
  const [error, setError] = useState('');
  useEffect(() => void (document.title = 'Reprieve'), []);
  const save = async (fresh: string) => {
    try {
      await changePassword({new: fresh});
    } catch (problem) {
      setError((problem as Error).message);
    }
  };
  return (
    <main class="door">
      <div class="card">
        <p class="brand"><img src={iconAddress()} alt="" width="40" height="40" /> Reprieve</p>
        <h1>{t('choose_password')}</h1>
        <p>{t('choose_password_text', {user: session.value?.user.name ?? ''})}</p>
        <PasswordFields user={session.value?.user.name ?? ''} save={save} />
        {error && <p class="problem" role="alert">{error}</p>}
      </div>
      <LanguageChoice />
    </main>
  );
}
