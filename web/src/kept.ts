// Values that the browser keeps between visits, in localStorage. If the browser refuses access to it, reads return
// undefined, writes do nothing, and the page works without them.

function orNothing<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

export const read = (key: string): string | undefined => orNothing(() => localStorage.getItem(key) ?? undefined);
export const keep = (key: string, value: string): void => orNothing(() => localStorage.setItem(key, value));
export const drop = (key: string): void => orNothing(() => localStorage.removeItem(key));

/** Returns the kept keys that begin with `prefix`, without the prefix. */
export const keysOf = (prefix: string): string[] =>
  orNothing(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))) ?? [];
