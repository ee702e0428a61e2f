// Small components of every page: states, times, buttons that copy, empty lists and errors.
import {Check, Copy, type IconNode, RotateCw} from 'lucide';
import type {ComponentChildren} from 'preact';
import {useState} from 'preact/hooks';
import {ago, moment} from '../format';
import {changed} from '../live';
import {t, tOr} from '../text/text';
import {Icon} from './icon';

const tones: Record<string, string> = {
  active: 'good', accepted: 'good', done: 'good', stored: 'good',
  queued: 'quiet', pending: 'quiet', deactivated: 'warn', rejected: 'bad',
  saving: 'busy', uploading: 'busy', importing: 'busy', writing: 'busy', pending_delete: 'warn', blocked: 'bad',
};

export function Badge({of, tone}: {of: string; tone?: string}) {
  return <span class={`badge ${tone ?? tones[of] ?? 'quiet'}`}>{tOr(`state_${of}`, of)}</span>;
}

/** Shows how long ago a time was. The tooltip has the exact time. */
export function Age({of}: {of: string}) {
  return <time dateTime={of} title={moment(of)}>{ago(of)}</time>;
}

/** Shows a name, which is untrusted text. <bdi> keeps its direction from changing the text around it. A blank name
 * counts as none. */
export function Name({of, otherwise}: {of: string | null; otherwise?: string}) {
  return of?.trim() ? <bdi class="name">{of}</bdi> : <span class="muted">{otherwise ?? t('unnamed')}</span>;
}

export function CopyButton({text, label}: {text: string; label: string}) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await copyText(text);
    setCopied(true);
    window.setTimeout(() => setCopied(false), 1500);
  };
  return (
    <button type="button" class="plain copy" aria-label={copied ? t('copied') : label} title={label} onClick={copy}>
      <Icon of={copied ? Check : Copy} />
    </button>
  );
}

/** Copies a text. Only pages from https or loopback have `navigator.clipboard`; on others, this selects the text in a
 * field and copies the selection. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'out-of-sight';
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

export function Empty({icon, title, children}: {icon: IconNode; title: string; children?: ComponentChildren}) {
  return (
    <div class="empty">
      <Icon of={icon} />
      <p class="title">{title}</p>
      {children}
    </div>
  );
}

export function Problem({error}: {error: Error}) {
  return (
    <div class="problem" role="alert">
      <p>{error.message}</p>
      <button type="button" class="secondary outline small" onClick={changed}>
        <Icon of={RotateCw} /> {t('again')}
      </button>
    </div>
  );
}

export function Page({title, children, actions}: {title: ComponentChildren; children: ComponentChildren;
                                                   actions?: ComponentChildren}) {
  return (
    <>
      <header class="page-head">
        <h1>{title}</h1>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

export function Bar({parts, total, label}: {parts: {value: number; kind: string; label: string}[]; total: number;
                                            label: string}) {
  const share = (value: number) => (total > 0 ? Math.min(100, (100 * value) / total) : 0);
  return (
    <div class="bar" role="img" aria-label={`${label}: ${parts.map((part) => part.label).join(', ')}`}>
      {parts.map((part) => part.value > 0 && (
        <span class={part.kind} style={{width: `${share(part.value)}%`}} title={part.label} />
      ))}
    </div>
  );
}

export function Loading() {
  return <p class="loading" aria-busy="true">{t('loading')}</p>;
}
