// All requests to the appliance that use fetch(). They are same-origin, so the browser adds the session's cookie, and
// no script ever sees a token.
import {t} from '../text/text';

/** Error of a request. `status`: HTTP status; 0 if no answer came. */
export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** Returns the error of a request that got no answer. */
export const connectionLost = () => new ApiError(0, t('connection_lost'));

/** Called after an answer 401, except to a request for the session itself: the session has ended. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/** Returns the reason in an error answer: the message of the Image API or of the Identity API, or the short text of a
 * proxy, else "HTTP" and the status. */
export function reasonIn(text: string, status: number): string {
  try {
    const body = JSON.parse(text);
    const message = body.message ?? body.error?.message;
    if (typeof message === 'string' && message !== '') return message;
  } catch { /* not JSON: use the text */ }
  return text.length > 0 && text.length < 300 && !text.startsWith('<') ? text : `HTTP ${status}`;
}

export interface Answer<T> {
  body: T;
  headers: Headers;
  status: number;
}

async function send(path: string, request: RequestInit): Promise<{response: Response; text: string}> {
  try {
    const response = await fetch(path, request);
    return {response, text: await response.text()};
  } catch (error) {
    throw error instanceof TypeError ? connectionLost() : error;
  }
}

/** Sends a request; `body` is sent as JSON. Throws ApiError if the answer is an error or none came. */
export async function ask<T>(method: string, path: string, body?: unknown, type = 'application/json',
                             signal?: AbortSignal): Promise<Answer<T>> {
  const {response, text} = await send(path, {
    method,
    signal,
    headers: {Accept: 'application/json', ...(body === undefined ? {} : {'Content-Type': type})},
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    if (response.status === 401 && !path.startsWith('/api/session')) onSignedOut();
    throw new ApiError(response.status, reasonIn(text, response.status));
  }
  return {body: (text === '' ? undefined : JSON.parse(text)) as T, headers: response.headers, status: response.status};
}

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return (await ask<T>('GET', path, undefined, undefined, signal)).body;
}
export async function post<T>(path: string, body?: unknown): Promise<T> {
  return (await ask<T>('POST', path, body)).body;
}
export async function put<T>(path: string, body?: unknown): Promise<T> {
  return (await ask<T>('PUT', path, body)).body;
}
export async function remove<T>(path: string): Promise<T> {
  return (await ask<T>('DELETE', path)).body;
}

/** Returns the query string of the values that are set, with its question mark; empty if none is set. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}`;
}
