// Application credentials. A program uses one to sign in as its user, without the user's password.
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {createCredential} from '../api/people';
import type {Credential} from '../api/types';
import {Dialog} from '../parts/dialog';
import {CopyButton} from '../parts/show';
import {session} from '../session';
import {t, tOr} from '../text/text';
import {Pick, Text} from './people_dialogs';

const day = 86_400_000;  // milliseconds

export function NewCredential({user, onClose, onMade}: {user: string; onClose: () => void;
                                                        onMade: (made: Credential) => void}) {
  const own = session.value?.roles ?? [];
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [role, setRole] = useState(own.includes('member') ? 'member' : (own[0] ?? ''));
  const send = async () => {
    const expires = days === '' ? {} : {expires_at: new Date(Date.now() + Number(days) * day).toISOString()};
    const fields = {name: name.trim(), ...expires, ...(role === '' ? {} : {roles: [{name: role}]})};
    await change(async () => {
      onMade(await createCredential(user, fields));
      onClose();
    });
  };
  const spans: [string, string][] = [['1', t('time_days', {n: 1})], ['30', t('time_days', {n: 30})],
    ['90', t('time_days', {n: 90})], ['365', t('time_days', {n: 365})], ['', t('never')]];
  return (
    <Dialog title={t('credential_new')} onClose={onClose}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); void send(); }}>
        <Text label={t('name')} value={name} set={setName} required autoFocus autocomplete="off" />
        <Pick label={t('role')} value={role} set={setRole}
          values={own.map((each) => [each, tOr(`role_${each}`, each)])} />
        <Pick label={t('ends')} value={days} values={spans} set={setDays} />
        <footer>
          <button type="button" class="secondary outline" onClick={onClose}>{t('cancel')}</button>
          <button type="submit" disabled={name.trim() === ''}>{t('create')}</button>
        </footer>
      </form>
    </Dialog>
  );
}

export function ShownOnce({credential, onClose}: {credential: Credential; onClose: () => void}) {
  const settings = [
    `export OS_AUTH_TYPE=v3applicationcredential`,
    `export OS_AUTH_URL=${location.origin}/v3`,
    `export OS_APPLICATION_CREDENTIAL_ID=${credential.id}`,
    `export OS_APPLICATION_CREDENTIAL_SECRET=${credential.secret}`,
  ].join('\n');
  return (
    <Dialog title={credential.name} onClose={onClose} wide>
      <p class="notice">{t('credential_once')}</p>
      <div class="command">
        <code tabIndex={0}>{settings}</code>
        <CopyButton text={settings} label={t('copy_command')} />
      </div>
      <footer><button type="button" onClick={onClose}>{t('close')}</button></footer>
    </Dialog>
  );
}
