import {KeyRound, LogOut, Plus, Trash2} from 'lucide';
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {deleteCredential, listCredentials} from '../api/people';
import type {Credential} from '../api/types';
import {until} from '../format';
import {useData} from '../live';
import {LanguageChoice, ThemeChoice} from '../parts/choices';
import {confirm} from '../parts/dialog';
import {Icon} from '../parts/icon';
import {PasswordFields} from '../parts/password';
import {Page, Problem} from '../parts/show';
import {attempt, say} from '../parts/toast';
import {changePassword, session, signOut} from '../session';
import {t, tOr} from '../text/text';
import {NewCredential, ShownOnce} from './credentials';
import {Section} from './image';

export function Account() {
  const own = session.value;
  if (!own) return null;
  const signs = own.mode !== 'none';
  return (
    <Page title={t('account')} actions={signs && (
      <button type="button" class="secondary outline" onClick={() => attempt(signOut)}>
        <Icon of={LogOut} /> {t('sign_out')}
      </button>
    )}>
      <Section title={own.user.name}>
        <dl class="facts">
          <dt>{t('project')}</dt><dd><bdi>{own.project?.name ?? '–'}</bdi></dd>
          <dt>{t('roles')}</dt><dd>{own.roles.map((role) => tOr(`role_${role}`, role)).join(', ') || '–'}</dd>
          {own.expires_at && <><dt>{t('session_ends')}</dt><dd>{until(own.expires_at)}</dd></>}
          {!signs && <><dt>{t('sign_in')}</dt><dd>{t('mode_none')}</dd></>}
        </dl>
      </Section>
      <Section title={t('looks')}>
        <div class="actions"><LanguageChoice /><ThemeChoice /></div>
      </Section>
      {own.mode === 'local' && (
        <Section title={t('password_change')}>
          <PasswordFields user={own.user.name} old save={async (fresh, old) => {
            if (await attempt(() => changePassword({old, new: fresh}))) say(t('password_changed'));
          }} />
        </Section>
      )}
      {own.mode === 'local' && <Credentials user={own.user.id} />}
    </Page>
  );
}

function Credentials({user}: {user: string}) {
  const data = useData(`credentials ${user}`, (signal) => listCredentials(user, signal), {about: ['people']});
  const [isAsked, setAsked] = useState(false);
  const [made, setMade] = useState<Credential | null>(null);
  const rows = data.value ?? [];
  const remove = async (each: Credential) => {
    const sure = await confirm({title: t('credential_delete'), text: t('credential_delete_text'), details: [each.name],
                                action: t('delete'), word: each.name});
    if (sure) await change(() => deleteCredential(user, each.id));
  };
  return (
    <Section title={t('credentials')} actions={
      <button type="button" class="small" onClick={() => setAsked(true)}>
        <Icon of={Plus} /> {t('credential_new')}
      </button>
    }>
      <p class="muted">{t('credentials_text')}</p>
      {data.error && <Problem error={data.error} />}
      {rows.length > 0 && (
        <div class="table">
          <table>
            <caption class="out-of-sight">{t('credentials')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('name')}</th><th scope="col">{t('roles')}</th>
                <th scope="col" class="wide">{t('id')}</th><th scope="col">{t('ends')}</th><td />
              </tr>
            </thead>
            <tbody>
              {rows.map((each) => (
                <tr key={each.id}>
                  <th scope="row"><Icon of={KeyRound} /> <bdi>{each.name}</bdi></th>
                  <td>{each.roles.map((role) => tOr(`role_${role.name}`, role.name)).join(', ')}</td>
                  <td class="wide"><code>{each.id}</code></td>
                  <td>{each.expires_at ? until(each.expires_at) : t('never')}</td>
                  <td class="acts">
                    <button type="button" class="plain" aria-label={t('delete_what', {what: each.name})}
                      title={t('delete')} onClick={() => remove(each)}><Icon of={Trash2} /></button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {isAsked && <NewCredential user={user} onClose={() => setAsked(false)} onMade={setMade} />}
      {made && <ShownOnce credential={made} onClose={() => setMade(null)} />}
    </Section>
  );
}
