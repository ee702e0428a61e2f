// The one way to ask the appliance. Everything is same-origin: the session's cookie goes along by itself, and no
// script ever sees a token.
import {t} from '../text/text';

export class ApiError extends Error {
  constructor(readonly status: number, message: string) {
    super(message);
  }
}

/** No answer came: status 0. */
export const connectionLost = () => new ApiError(0, t('connection_lost'));

/** Told when the appliance no longer knows who asks. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(tell: () => void): void {
  onSignedOut = tell;
}

/** The reason in an answer, whether of the Image API, of Keystone's shape, or of a proxy that knows neither. */
export function reasonIn(text: string, status: number): string {
  try {
    const body = JSON.parse(text);
    const message = body.message ?? body.error?.message;
    if (typeof message === 'string' && message !== '') return message;
  } catch { /* no JSON: the text may say it */ }
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

/** A query string of what is set, with its question mark. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  return set.length === 0 ? '' : `?${new URLSearchParams(set.map(([key, value]) => [key, String(value)]))}`;
}
