// Menus for the language and the theme of the page.
import {setTheme, theme, type Theme} from '../theme';
import {chooseLanguage, language, languages, t, type Language} from '../text/text';

export function LanguageChoice() {
  return (
    <select class="choice" aria-label={t('language')} value={language.value}
      onChange={(event) => void chooseLanguage(event.currentTarget.value as Language)}>
      {Object.entries(languages).map(([code, name]) => <option value={code} key={code} lang={code}>{name}</option>)}
    </select>
  );
}

export function ThemeChoice() {
  return (
    <select class="choice" aria-label={t('theme')} value={theme.value}
      onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
      <option value="auto">{t('theme_auto')}</option>
      <option value="light">{t('theme_light')}</option>
      <option value="dark">{t('theme_dark')}</option>
    </select>
  );
}
