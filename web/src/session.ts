// The user's session, and the status of the appliance.
import {computed, signal} from '@preact/signals';
import {ApiError, ask, get, post, put, remove, whenSignedOut} from './api/http';
import type {Session, Status} from './api/types';
import {setServerTime} from './live';

/** undefined until it is loaded; null if nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);
export const status = signal<Status | undefined>(undefined);
/** Error of the last request for the status; undefined after a success. */
export const statusError = signal<Error | undefined>(undefined);
/** Error message of the last request for the session, except 401; empty after a success. */
export const unreachable = signal('');

export const isAdmin = computed(() => session.value?.roles.includes('admin') ?? false);
export const mayWrite = computed(() => isAdmin.value || (session.value?.roles.includes('member') ?? false));

/** Clears the data of the user who was signed in, so that the next one does not see it. */
function forgetSession(): void {
  session.value = null;
  status.value = undefined;
  statusError.value = undefined;
}

whenSignedOut(forgetSession);

export async function loadSession(): Promise<void> {
  try {
    session.value = await get<Session>('/api/session');
    unreachable.value = '';
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.value = null;
    else unreachable.value = (error as Error).message;
  }
}

/** Loads the status, and the appliance's time with it. Rethrows the error that it puts into `statusError`. */
export async function loadStatus(isOver: AbortSignal): Promise<void> {
  try {
    const {body} = await ask<Status>('GET', '/api/status', undefined, undefined, isOver);
    setServerTime(body.time);
    status.value = body;
    statusError.value = undefined;
  } catch (error) {
    if (session.value && !isOver.aborted) statusError.value = error as Error;
    throw error;
  }
}

export interface SignIn {
  name: string;
  password: string;
  project?: string;
  domain?: string;
}

export async function signIn(how: SignIn | {one_time: string}): Promise<void> {
  session.value = await post<Session>('/api/session', how);
}

export async function signOut(): Promise<void> {
  await remove('/api/session');
  forgetSession();
}

export async function changePassword(change: {old?: string; new: string}): Promise<void> {
  await put('/api/session/password', change);
  await loadSession();
}
