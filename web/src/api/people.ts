// Calls of the Identity API: users, projects, roles and application credentials.
import {ask, get, post, put, query, remove} from './http';
import type {Assignment, Credential, Project, User} from './types';

const user = (id: string) => `/v3/users/${encodeURIComponent(id)}`;
const project = (id: string) => `/v3/projects/${encodeURIComponent(id)}`;
const credentials = (id: string) => `${user(id)}/application_credentials`;
const role = (projectId: string, userId: string, name: string) =>
  `${project(projectId)}/users/${encodeURIComponent(userId)}/roles/${name}`;

export const roles = ['reader', 'member', 'admin', 'service'];

export interface People {
  users: User[];
  projects: Project[];
  assignments: Assignment[];
}

export async function people(signal?: AbortSignal): Promise<People> {
  const [users, projects, assignments] = await Promise.all([
    get<{users: User[]}>('/v3/users', signal),
    get<{projects: Project[]}>('/v3/projects', signal),
    get<{role_assignments: Assignment[]}>('/v3/role_assignments?include_names', signal),
  ]);
  return {users: users.users, projects: projects.projects, assignments: assignments.role_assignments};
}

export const createUser = async (fields: Record<string, unknown>) =>
  (await post<{user: User}>('/v3/users', {user: fields})).user;
export const changeUser = (id: string, fields: Record<string, unknown>) => ask('PATCH', user(id), {user: fields});
export const deleteUser = (id: string) => remove<void>(user(id));

export const createProject = async (fields: Record<string, unknown>) =>
  (await post<{project: Project}>('/v3/projects', {project: fields})).project;
export const changeProject = (id: string, fields: Record<string, unknown>) =>
  ask('PATCH', project(id), {project: fields});
/** Deletes a project. `heir`: id of the project that gets its images; empty if it has none. */
export const deleteProject = (id: string, heir: string) => remove<void>(project(id) + query({heir}));

export const giveRole = (projectId: string, userId: string, name: string) => put<void>(role(projectId, userId, name));
export const takeRole = (projectId: string, userId: string, name: string) =>
  remove<void>(role(projectId, userId, name));

export const listCredentials = async (userId: string, signal?: AbortSignal) =>
  (await get<{application_credentials: Credential[]}>(credentials(userId), signal)).application_credentials;
export const createCredential = async (userId: string, fields: Record<string, unknown>) =>
  (await post<{application_credential: Credential}>(credentials(userId), {application_credential: fields}))
    .application_credential;
export const deleteCredential = (userId: string, id: string) =>
  remove<void>(`${credentials(userId)}/${encodeURIComponent(id)}`);
