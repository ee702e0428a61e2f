// Shows commands that do the same on a command line, to copy them into a script.
import {Terminal} from 'lucide';
import {useState} from 'preact/hooks';
import {fileName} from '../api/images';
import type {Image} from '../api/types';
import {session} from '../session';
import {t} from '../text/text';
import {Dialog} from './dialog';
import {Icon} from './icon';
import {CopyButton} from './show';

/** Quotes a word for a shell, if that is necessary. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function commandsFor(image: Image): [string, string][] {
  const file = quoted(fileName(image));
  const isOpen = session.value?.mode === 'none';
  const openstack = isOpen ? `openstack --os-auth-type none --os-endpoint ${location.origin}` : 'openstack';
  const token = isOpen ? '' : ` -H "X-Auth-Token: $OS_TOKEN"`;
  const data = `${location.origin}/v2/images/${image.id}/file`;
  return [
    [t('download'), `${openstack} image save --file ${file} ${image.id}`],
    [t('download'), `curl -f -C - -o ${file}${token} ${data}`],
    [t('show'), `${openstack} image show ${image.id}`],
    [t('delete'), `${openstack} image delete ${image.id}`],
  ];
}

export function Commands({image}: {image: Image}) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="secondary outline" onClick={() => setOpen(true)}>
        <Icon of={Terminal} /> {t('commands')}
      </button>
      {open && (
        <Dialog title={t('commands')} onClose={() => setOpen(false)} wide>
          {session.value?.mode !== 'none' && <p class="muted">{t('commands_need_sign_in')}</p>}
          {commandsFor(image).map(([what, command], i) => (
            <div class="command" key={i}>
              <span>{what}</span>
              <code tabIndex={0}>{command}</code>
              <CopyButton text={command} label={t('copy_command')} />
            </div>
          ))}
        </Dialog>
      )}
    </>
  );
}
