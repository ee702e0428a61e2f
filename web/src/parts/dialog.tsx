// Dialogs are <dialog> elements: the browser keeps the focus inside, closes them on Escape, and restores the focus.
import {signal} from '@preact/signals';
import type {ComponentChildren} from 'preact';
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import {X} from 'lucide';
import {t} from '../text/text';
import {Icon} from './icon';

interface DialogProps {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  wide?: boolean;
}

export function Dialog({title, onClose, children, wide}: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = element.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog ref={element} aria-labelledby={heading} class={wide ? 'wide' : ''}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => event.target === element.current && onClose()}>
      <article>
        <header>
          <h2 id={heading}>{title}</h2>
          <button type="button" class="plain" aria-label={t('close')} onClick={onClose}><Icon of={X} /></button>
        </header>
        {children}
      </article>
    </dialog>
  );
}

interface Question {
  title: string;
  text: string;
  action: string;
  word?: string;  // word that the user must type, if the action cannot be undone
  details?: string[];
  answer: (yes: boolean) => void;
}

const question = signal<Question | null>(null);

/** Asks the user to confirm an action; resolves to the answer. With `word`, the user must type it first. */
export function confirm(asked: Omit<Question, 'answer'>): Promise<boolean> {
  return new Promise((answer) => (question.value = {...asked, answer}));
}

/** Shows the question of confirm(). Rendered once in the page. */
export function Questions() {
  const asked = question.value;
  return asked ? <QuestionDialog key={asked.title} asked={asked} /> : null;
}

function QuestionDialog({asked}: {asked: Question}) {
  const [typed, setTyped] = useState('');
  const done = (yes: boolean) => {
    question.value = null;
    asked.answer(yes);
  };
  const ready = asked.word === undefined || typed.trim() === asked.word;
  return (
    <Dialog title={asked.title} onClose={() => done(false)}>
      <form onSubmit={(event) => { event.preventDefault(); if (ready) done(true); }}>
        <p>{asked.text}</p>
        {asked.details && <ul class="names">{asked.details.map((each) => <li dir="auto">{each}</li>)}</ul>}
        {asked.word !== undefined && (
          <label>
            {t('type_to_confirm', {word: asked.word})}
            <input autoFocus value={typed} onInput={(event) => setTyped(event.currentTarget.value)} autocomplete="off"
              spellcheck={false} />
          </label>
        )}
        <footer>
          <button type="button" class="secondary outline" onClick={() => done(false)}>{t('cancel')}</button>
          <button type="submit" class="danger" disabled={!ready}>{asked.action}</button>
        </footer>
      </form>
    </Dialog>
  );
}
