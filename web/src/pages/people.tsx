import {KeyRound, Plus, Trash2, X} from 'lucide';
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {changeProject, changeUser, deleteUser, people, takeRole, type People as All} from '../api/people';
import type {Project, User} from '../api/types';
import {useData} from '../live';
import {confirm} from '../parts/dialog';
import {Edit} from '../parts/edit';
import {Icon} from '../parts/icon';
import {Badge, Loading, Name, Page, Problem} from '../parts/show';
import {session} from '../session';
import {t, tOr} from '../text/text';
import {Section} from './image';
import {GiveRole, HeirDialog, NewPassword, NewProject, NewUser} from './people_dialogs';

type Asked = {kind: 'user'} | {kind: 'project'} | {kind: 'password' | 'role'; user: User} |
  {kind: 'heir'; project: Project};

export function People() {
  const data = useData('people', people, {about: ['people']});
  const [asked, setAsked] = useState<Asked | null>(null);
  const all = data.value;
  const close = () => setAsked(null);
  return (
    <Page title={t('people')}>
      {session.value?.mode === 'none' && <p class="notice">{t('people_mode_none')}</p>}
      {data.error && <Problem error={data.error} />}
      {!all && data.loading && <Loading />}
      {all && (
        <>
          <Section title={t('users')} actions={
            <button type="button" class="small" onClick={() => setAsked({kind: 'user'})}>
              <Icon of={Plus} /> {t('user_new')}
            </button>
          }>
            <Users all={all} ask={setAsked} />
          </Section>
          <Section title={t('projects')} actions={
            <button type="button" class="small" onClick={() => setAsked({kind: 'project'})}>
              <Icon of={Plus} /> {t('project_new')}
            </button>
          }>
            <Projects all={all} ask={setAsked} />
          </Section>
          {asked?.kind === 'user' && <NewUser projects={all.projects} onClose={close} />}
          {asked?.kind === 'project' && <NewProject onClose={close} />}
          {asked?.kind === 'password' && <NewPassword user={asked.user} onClose={close} />}
          {asked?.kind === 'role' && <GiveRole user={asked.user} projects={all.projects} onClose={close} />}
          {asked?.kind === 'heir' && (
            <HeirDialog project={asked.project} projects={all.projects} onClose={close} />
          )}
        </>
      )}
    </Page>
  );
}

async function removeUser(user: User): Promise<void> {
  const sure = await confirm({title: t('user_delete'), text: t('user_delete_text'), details: [user.name],
                              action: t('delete'), word: user.name});
  if (sure) await change(() => deleteUser(user.id), t('user_deleted', {name: user.name}));
}

function Users({all, ask}: {all: All; ask: (asked: Asked) => void}) {
  return (
    <div class="table">
      <table class="even">
        <caption class="out-of-sight">{t('users')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th><th scope="col">{t('roles')}</th>
            <th scope="col" class="wide">{t('status')}</th><td />
          </tr>
        </thead>
        <tbody>
          {all.users.map((user) => (
            <tr key={user.id}>
              <td class="main">
                <Edit label={t('name')} value={user.name} may
                  save={(name) => change(() => changeUser(user.id, {name}))}>
                  <Name of={user.name} />
                </Edit>
                {user.description && <small class="muted"><bdi>{user.description}</bdi></small>}
              </td>
              <td><UserRoles user={user} all={all} ask={ask} /></td>
              <td class="wide">
                <button type="button" class="plain" onClick={() =>
                  change(() => changeUser(user.id, {enabled: !user.enabled}))}
                  title={user.enabled ? t('disable') : t('enable')}>
                  <Badge of={user.enabled ? 'enabled' : 'disabled'} tone={user.enabled ? 'good' : 'warn'} />
                </button>
              </td>
              <td class="acts">
                <button type="button" class="plain" aria-label={t('password_of', {user: user.name})}
                  title={t('password_set')} onClick={() => ask({kind: 'password', user})}>
                  <Icon of={KeyRound} />
                </button>
                <button type="button" class="plain" aria-label={t('delete_what', {what: user.name})} title={t('delete')}
                  onClick={() => removeUser(user)}><Icon of={Trash2} /></button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function UserRoles({user, all, ask}: {user: User; all: All; ask: (asked: Asked) => void}) {
  const own = all.assignments.filter((each) => each.user.id === user.id && each.scope.project);
  return (
    <ul class="chips">
      {own.map((each) => {
        const name = each.role.name ?? each.role.id;
        const project = each.scope.project.name ?? each.scope.project.id;
        const label = t('role_in', {role: tOr(`role_${name}`, name), project});
        return (
          <li class="chip" key={`${each.role.id} ${each.scope.project.id}`}>
            <bdi>{label}</bdi>
            <button type="button" class="plain" aria-label={t('remove_what', {what: label})}
              onClick={() => change(() => takeRole(each.scope.project.id, user.id, each.role.id))}>
              <Icon of={X} />
            </button>
          </li>
        );
      })}
      <li>
        <button type="button" class="plain" aria-label={t('role_give_to', {user: user.name})} title={t('role_give')}
          onClick={() => ask({kind: 'role', user})}><Icon of={Plus} /></button>
      </li>
    </ul>
  );
}

function Projects({all, ask}: {all: All; ask: (asked: Asked) => void}) {
  return (
    <div class="table">
      <table class="even">
        <caption class="out-of-sight">{t('projects')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('name')}</th><th scope="col" class="wide">{t('id')}</th>
            <th scope="col" class="number">{t('users')}</th><th scope="col" class="wide">{t('status')}</th><td />
          </tr>
        </thead>
        <tbody>
          {all.projects.map((project) => (
            <tr key={project.id}>
              <td class="main">
                <Edit label={t('name')} value={project.name} may
                  save={(name) => change(() => changeProject(project.id, {name}))}><Name of={project.name} /></Edit>
                {project.description && <small class="muted"><bdi>{project.description}</bdi></small>}
              </td>
              <td class="wide"><code>{project.id}</code></td>
              <td class="number">
                {new Set(all.assignments.filter((each) => each.scope.project?.id === project.id)
                  .map((each) => each.user.id)).size}
              </td>
              <td class="wide">
                <button type="button" class="plain" title={project.enabled ? t('disable') : t('enable')}
                  onClick={() => change(() => changeProject(project.id, {enabled: !project.enabled}))}>
                  <Badge of={project.enabled ? 'enabled' : 'disabled'} tone={project.enabled ? 'good' : 'warn'} />
                </button>
              </td>
              <td class="acts">
                <button type="button" class="plain" aria-label={t('delete_what', {what: project.name})}
                  title={t('delete')} onClick={() => ask({kind: 'heir', project})}><Icon of={Trash2} /></button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
