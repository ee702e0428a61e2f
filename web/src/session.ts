// Who is signed in, and what the appliance says of itself.
import {computed, signal} from '@preact/signals';
import {ApiError, ask, get, post, put, remove, whenSignedOut} from './api/http';
import type {Session, Status} from './api/types';
import {setServerTime} from './live';

/** Undefined until it is known; null where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);
export const status = signal<Status | undefined>(undefined);
/** Why the last question for the status failed. */
export const statusError = signal<Error | undefined>(undefined);
/** Why the appliance cannot be reached; empty where it can. */
export const unreachable = signal('');

export const isAdmin = computed(() => session.value?.roles.includes('admin') ?? false);
export const mayWrite = computed(() => isAdmin.value || (session.value?.roles.includes('member') ?? false));

/** Nobody is signed in any more: who comes next is not to see what the last one saw. */
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
