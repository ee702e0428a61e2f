// The texts of the page, in the language that the user chose, else in that of the browser. English is part of the
// bundle; another language is loaded when it is needed.
import {signal} from '@preact/signals';
import {keep, read} from '../kept';
import {en} from './en';

export type Key = keyof typeof en;
export type Language = 'en' | 'zh-CN';
export const languages: Record<Language, string> = {'en': 'English', 'zh-CN': '简体中文'};

const remembered = 'reprieve.language';
const texts = signal<Record<Key, string>>(en);
export const language = signal<Language>('en');

function preferred(): Language {
  const chosen = read(remembered);
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  return navigator.languages.find((each) => /^(en|zh)/.test(each))?.startsWith('zh') ? 'zh-CN' : 'en';
}

export async function setLanguage(chosen: Language): Promise<void> {
  texts.value = chosen === 'en' ? en : (await import('./zh')).zh;
  language.value = chosen;
  document.documentElement.lang = chosen;
}

export function chooseLanguage(chosen: Language): Promise<void> {
  keep(remembered, chosen);
  return setLanguage(chosen);
}

export const startLanguage = (): Promise<void> => setLanguage(preferred());

/** Returns the text of `key`, with each {name} replaced by its value. A text with a "|" has two forms: for n = 1, and
 * for any other n. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const forms = texts.value[key].split('|');
  const text = (forms.length > 1 && Number(values.n) !== 1 ? forms[1] : forms[0]) ?? '';
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? value.toLocaleString(language.value) : value;
  });
}

/** Returns the text of a key that is made at run time, such as that of a status; `otherwise` if there is none. */
export function tOr(key: string, otherwise: string): string {
  return key in texts.value ? t(key as Key) : otherwise;
}
