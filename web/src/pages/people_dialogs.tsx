// Dialogs that create and change users and projects, or delete a project.
import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {changeUser, createProject, createUser, deleteProject, giveRole, roles} from '../api/people';
import type {Project, User} from '../api/types';
import {Dialog} from '../parts/dialog';
import {PasswordFields} from '../parts/password';
import {t, tOr} from '../text/text';

interface FormProps {
  title: string;
  action: string;
  isDanger?: boolean;
  ready: boolean;
  send: () => Promise<boolean>;
  onClose: () => void;
  children: ComponentChildren;
}

function FormDialog({title, action, isDanger, ready, send, onClose, children}: FormProps) {
  const [busy, setBusy] = useState(false);
  const submit = async () => {
    setBusy(true);
    if (await send()) onClose();
    else setBusy(false);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={(event) => { event.preventDefault(); if (ready && !busy) void submit(); }}>
        {children}
        <footer>
          <button type="button" class="secondary outline" onClick={onClose}>{t('cancel')}</button>
          <button type="submit" class={isDanger ? 'danger' : ''} disabled={!ready || busy} aria-busy={busy}>
            {action}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

export function Text({label, value, set, type, ...more}: {label: string; value: string; set: (value: string) => void;
                                                    required?: boolean; type?: 'password'; autoFocus?: boolean;
                                                    autocomplete?: 'off' | 'new-password'}) {
  return (
    <label>
      {label}
      <input {...({type} as {type?: 'text'})} value={value} maxLength={255} autocapitalize="none" spellcheck={false}
        {...more} onInput={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

export function Pick({label, value, values, set}: {label: string; value: string; values: [string, string][];
                                                   set: (value: string) => void}) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        {values.map(([each, text]) => <option key={each} value={each}>{text}</option>)}
      </select>
    </label>
  );
}

const named = (projects: Project[]): [string, string][] => projects.map((each) => [each.id, each.name]);
const namedRoles = (): [string, string][] => roles.map((each) => [each, tOr(`role_${each}`, each)]);

export function NewUser({projects, onClose}: {projects: Project[]; onClose: () => void}) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [project, setProject] = useState(projects[0]?.id ?? '');
  const [role, setRole] = useState('member');
  const send = () => change(async () => {
    const user = await createUser({name: name.trim(), password, default_project_id: project});
    await giveRole(project, user.id, role);
  }, t('user_made', {name}));
  return (
    <FormDialog title={t('user_new')} action={t('create')} ready={name.trim() !== '' && password !== ''} send={send}
      onClose={onClose}>
      <Text label={t('user_name')} value={name} set={setName} required autoFocus autocomplete="off" />
      <Text label={t('password')} value={password} set={setPassword} required type="password"
        autocomplete="new-password" />
      <Pick label={t('project')} value={project} values={named(projects)} set={setProject} />
      <Pick label={t('role')} value={role} values={namedRoles()} set={setRole} />
    </FormDialog>
  );
}

export function NewProject({onClose}: {onClose: () => void}) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const send = () => change(() => createProject({name: name.trim(), description}), t('project_made', {name}));
  return (
    <FormDialog title={t('project_new')} action={t('create')} ready={name.trim() !== ''} send={send} onClose={onClose}>
      <Text label={t('name')} value={name} set={setName} required autoFocus autocomplete="off" />
      <Text label={t('description')} value={description} set={setDescription} />
    </FormDialog>
  );
}

export function NewPassword({user, onClose}: {user: User; onClose: () => void}) {
  const save = async (password: string) => {
    if (await change(() => changeUser(user.id, {password}), t('password_changed'))) onClose();
  };
  return (
    <Dialog title={t('password_of', {user: user.name})} onClose={onClose}>
      <p>{t('password_of_text')}</p>
      <PasswordFields user={user.name} save={save} />
    </Dialog>
  );
}

export function GiveRole({user, projects, onClose}: {user: User; projects: Project[]; onClose: () => void}) {
  const [project, setProject] = useState(projects[0]?.id ?? '');
  const [role, setRole] = useState('member');
  return (
    <FormDialog title={t('role_give_to', {user: user.name})} action={t('role_give')} ready={project !== ''}
      send={() => change(() => giveRole(project, user.id, role))} onClose={onClose}>
      <Pick label={t('project')} value={project} values={named(projects)} set={setProject} />
      <Pick label={t('role')} value={role} values={namedRoles()} set={setRole} />
    </FormDialog>
  );
}

/** Confirms the delete of a project, and asks which project gets its images. */
export function HeirDialog({project, projects, onClose}: {project: Project; projects: Project[]; onClose: () => void}) {
  const [heir, setHeir] = useState('');
  const [typed, setTyped] = useState('');
  const others = projects.filter((each) => each.id !== project.id);
  return (
    <FormDialog title={t('project_delete')} action={t('delete')} isDanger ready={typed.trim() === project.name}
      send={() => change(() => deleteProject(project.id, heir), t('project_deleted', {name: project.name}))}
      onClose={onClose}>
      <p>{t('project_delete_text')}</p>
      <Pick label={t('heir')} value={heir} values={[['', t('heir_none')], ...named(others)]} set={setHeir} />
      <Text label={t('type_to_confirm', {word: project.name})} value={typed} set={setTyped} autocomplete="off"
        autoFocus />
    </FormDialog>
  );
}
