// Short messages about finished actions and errors, with a button such as "Undo" if the action has one.
import {signal} from '@preact/signals';
import {CircleAlert, CircleCheck, X} from 'lucide';
import {useEffect, useState} from 'preact/hooks';
import {t} from '../text/text';
import {Icon} from './icon';

interface Toast {
  id: number;
  text: string;
  isError: boolean;
  action?: {label: string; run: () => void};
}

const toasts = signal<Toast[]>([]);
const shown = 4;  // maximum number of messages
const stays = 10_000;  // milliseconds; errors stay until the user dismisses them
let last = 0;

function show(toast: Omit<Toast, 'id'>): void {
  toasts.value = [...toasts.value, {...toast, id: ++last}].slice(-shown);
}

export function say(text: string, action?: Toast['action']): void {
  show({text, action, isError: false});
}

export function sayError(error: unknown): void {
  show({text: error instanceof Error ? error.message : String(error), isError: true});
}

/** Runs `work`, and shows its error. Returns whether it succeeded. */
export async function attempt(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    sayError(error);
    return false;
  }
}

const dismiss = (id: number) => (toasts.value = toasts.value.filter((toast) => toast.id !== id));

export function Toasts() {
  return (
    <div class="toasts" role="region" aria-label={t('messages')}>
      <div aria-live="polite">{toasts.value.map((toast) => <OneToast key={toast.id} toast={toast} />)}</div>
    </div>
  );
}

function OneToast({toast}: {toast: Toast}) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held || toast.isError) return;
    const timer = window.setTimeout(() => dismiss(toast.id), stays);
    return () => window.clearTimeout(timer);
  }, [held]);
  return (
    <div class={`toast ${toast.isError ? 'error' : ''}`} onMouseEnter={() => setHeld(true)}
      onMouseLeave={() => setHeld(false)} onFocusCapture={() => setHeld(true)} onBlurCapture={() => setHeld(false)}>
      <Icon of={toast.isError ? CircleAlert : CircleCheck} />
      <span dir="auto">{toast.text}</span>
      {toast.action && (
        <button type="button" class="plain strong" onClick={() => { dismiss(toast.id); toast.action?.run(); }}>
          {toast.action.label}
        </button>
      )}
      <button type="button" class="plain" aria-label={t('dismiss')} onClick={() => dismiss(toast.id)}>
        <Icon of={X} />
      </button>
    </div>
  );
}
