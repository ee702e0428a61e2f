// Members of an image: the projects that it is shared with.
import {Plus, Trash2} from 'lucide';
import {useState} from 'preact/hooks';
import {change} from '../acts';
import {addMember, answerMember, members, removeMember} from '../api/images';
import type {ImageDetails, Member} from '../api/types';
import {useData} from '../live';
import {Icon} from '../parts/icon';
import {Age, Badge, Problem} from '../parts/show';
import {mayWrite, session} from '../session';
import {t} from '../text/text';

export function Members({image, may}: {image: ImageDetails; may: boolean}) {
  const data = useData(`members ${image.id}`, (signal) => members(image.id, signal));
  const [project, setProject] = useState('');
  const add = async () => {
    if (await change(() => addMember(image.id, project.trim()))) setProject('');
  };
  return (
    <>
      {data.error && <Problem error={data.error} />}
      {data.value?.length === 0 && <p class="muted">{t('no_members')}</p>}
      {(data.value?.length ?? 0) > 0 && (
        <div class="table">
          <table>
            <caption class="out-of-sight">{t('members')}</caption>
            <thead>
              <tr>
                <th scope="col">{t('project')}</th><th scope="col">{t('status')}</th>
                <th scope="col" class="wide">{t('since')}</th><td />
              </tr>
            </thead>
            <tbody>
              {data.value?.map((member) => (
                <tr key={member.member_id}>
                  <th scope="row"><bdi>{member.member_id}</bdi></th>
                  <td><Badge of={member.status} /></td>
                  <td class="wide"><Age of={member.created_at} /></td>
                  <td class="acts"><MemberActs image={image} member={member} may={may} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {may && (
        <form class="row" onSubmit={(event) => { event.preventDefault(); void add(); }}>
          <input aria-label={t('project_id')} placeholder={t('project_id')} value={project} maxLength={255}
            spellcheck={false} onInput={(event) => setProject(event.currentTarget.value)} />
          <button type="submit" class="secondary outline" disabled={project.trim() === ''}>
            <Icon of={Plus} /> {t('share')}
          </button>
        </form>
      )}
    </>
  );
}

function MemberActs({image, member, may}: {image: ImageDetails; member: Member; may: boolean}) {
  const isOurs = mayWrite.value && member.member_id === session.value?.project?.id && image.owner !== member.member_id;
  const answer = (status: string) => change(() => answerMember(image.id, member.member_id, status));
  return (
    <>
      {isOurs && member.status !== 'accepted' && (
        <button type="button" class="small" onClick={() => answer('accepted')}>{t('accept')}</button>
      )}
      {isOurs && member.status !== 'rejected' && (
        <button type="button" class="secondary outline small" onClick={() => answer('rejected')}>{t('reject')}</button>
      )}
      {may && (
        <button type="button" class="plain" aria-label={t('remove_what', {what: member.member_id})}
          onClick={() => change(() => removeMember(image.id, member.member_id))}><Icon of={Trash2} /></button>
      )}
    </>
  );
}
