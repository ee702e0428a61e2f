// What the browser keeps from one visit to the next. One that keeps nothing shows the page all the same.

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

/** What is kept under names that begin so; without that beginning. */
export const keysOf = (prefix: string): string[] =>
  orNothing(() => Object.keys(localStorage).filter((key) => key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))) ?? [];
