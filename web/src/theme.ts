// The theme: light, dark, or that of the system. Our styles and Pico's read it from the attribute data-theme.
import {signal} from '@preact/signals';
import {keep, read} from './kept';

export type Theme = 'auto' | 'light' | 'dark';
const remembered = 'reprieve.theme';
const system = window.matchMedia('(prefers-color-scheme: dark)');

export const theme = signal<Theme>('auto');

function apply(): void {
  const chosen = theme.value;
  document.documentElement.dataset.theme = chosen !== 'auto' ? chosen : system.matches ? 'dark' : 'light';
}

export function setTheme(chosen: Theme): void {
  theme.value = chosen;
  keep(remembered, chosen);
  apply();
}

export function startTheme(): void {
  const kept = read(remembered);
  if (kept === 'light' || kept === 'dark') theme.value = kept;
  system.addEventListener('change', apply);
  apply();
}
