// Where one is: the part of the address behind "#". It survives a reload, can be shared, and the browser's own
// back and forward work.
import {signal} from '@preact/signals';

export interface Route {
  page: string;
  id: string;
  query: URLSearchParams;
}

function read(): Route {
  const [path, query] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [page, id] = (path ?? '').split('/');
  return {page: page || 'images', id: decode(id ?? ''), query: new URLSearchParams(query ?? '')};
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export const route = signal(read());
window.addEventListener('hashchange', () => (route.value = read()));

export function linkTo(page: string, id = '', query?: Record<string, string>): string {
  const filled = Object.entries(query ?? {}).filter(([, value]) => value !== '');
  const more = filled.length > 0 ? `?${new URLSearchParams(filled)}` : '';
  return `#/${page}${id ? `/${encodeURIComponent(id)}` : ''}${more}`;
}

export function go(page: string, id = '', query?: Record<string, string>): void {
  location.hash = linkTo(page, id, query);
}

/** Changes parts of the query without a step in the browser's history for each key that is typed. */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(route.value.query);
  for (const [key, value] of Object.entries(values)) {
    if (value === '') query.delete(key);
    else query.set(key, value);
  }
  history.replaceState(null, '', linkTo(route.value.page, route.value.id, Object.fromEntries(query)));
  route.value = read();
}
