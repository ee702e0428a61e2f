// Draws an icon of Lucide from its nodes, so that the bundle contains only the icons that are used.
import type {IconNode} from 'lucide';
import {h} from 'preact';

export function Icon({of, label}: {of: IconNode; label?: string}) {
  const spoken = label ? {role: 'img' as const, 'aria-label': label} : {'aria-hidden': 'true' as const};
  return (
    <svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"
      stroke-linejoin="round" {...spoken}>
      {of.map(([tag, attributes], i) => h(tag, {...attributes, key: i}))}
    </svg>
  );
}
