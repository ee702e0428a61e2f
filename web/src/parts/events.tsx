// Table of events of the audit trail.
import type {AuditEvent} from '../api/types';
import {bytes} from '../format';
import {linkTo} from '../route';
import {t, tOr} from '../text/text';
import {Age, Badge, Name} from './show';

/** Returns the text of an action such as "image.delete"; the action itself if it has no text. */
export const actionText = (action: string) => tOr(`action_${action.replaceAll('.', '_')}`, action);

export function Events({rows, isOneImage}: {rows: AuditEvent[]; isOneImage?: boolean}) {
  if (rows.length === 0) return <p class="muted">{t('no_events')}</p>;
  return (
    <div class="table">
      <table class="events">
        <caption class="out-of-sight">{t('activity')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('when')}</th><th scope="col">{t('who')}</th><th scope="col">{t('what')}</th>
            {!isOneImage && <th scope="col" class="wide">{t('target')}</th>}
            <th scope="col" class="wide">{t('details')}</th>
            <th scope="col" class="widest">{t('from')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((event) => (
            <tr key={event.id}>
              <td class="nowrap"><Age of={event.at} /></td>
              <td><bdi>{event.user_name || event.user || '–'}</bdi></td>
              <td>
                {actionText(event.action)}{event.count > 1 && ` × ${event.count}`}
                {event.result !== 'done' && <> <Badge of={event.result} tone="bad" /></>}
                <small class="phone">
                  {!isOneImage && <><Target of={event} /> </>}<Detail of={event} />
                </small>
              </td>
              {!isOneImage && (
                <td class="wide"><Target of={event} /></td>
              )}
              <td class="wide"><Detail of={event} /></td>
              <td class="widest"><code>{event.address}</code></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Shows the detail of an event, with sizes as everywhere: "70000 bytes freed" becomes "68.4 KiB freed". */
function Detail({of}: {of: AuditEvent}) {
  const size = /^(\d+) bytes( freed)?$/.exec(of.detail);
  const text = !size ? of.detail : size[2] ? t('freed_bytes', {size: bytes(Number(size[1]))}) : bytes(Number(size[1]));
  return <bdi class="value">{text}</bdi>;
}

/** Shows the target of an event: its name, else the beginning of its id, which is enough to tell two apart. */
function Target({of: {action, target, target_name: name}}: {of: AuditEvent}) {
  if (!target) return null;
  if (!name && !/^(image|member|upload)\./.test(action)) return <code title={target}>{target.slice(0, 20)}</code>;
  return (
    <a href={linkTo('images', target)} title={target}>
      {name ? <Name of={name} /> : <code>{target.slice(0, 8)}</code>}
    </a>
  );
}
