// The current view, stored in the address after "#". So it survives a reload, can be shared as a link, and the
// browser's back and forward buttons work.
import {signal} from '@preact/signals';

export interface Route {
  page: string;
  id: string;  // of the image that the page shows; empty if none
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

/** Changes parts of the query; an empty value removes its key. Replaces the entry in the browser's history, so that
 * typing does not add an entry for each key. */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(route.value.query);
  for (const [key, value] of Object.entries(values)) {
    if (value === '') query.delete(key);
    else query.set(key, value);
  }
  history.replaceState(null, '', linkTo(route.value.page, route.value.id, Object.fromEntries(query)));
  route.value = read();
}
