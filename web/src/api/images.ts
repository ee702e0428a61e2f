// Calls for images, their members, the recycle bin and the audit trail.
import {ask, get, post, put, query, remove} from './http';
import type {AuditEvent, BinEntry, Image, ImageDetails, Member, ScrubRun} from './types';

const patchType = 'application/openstack-images-v2.1-json-patch';

export interface List<T> {
  rows: T[];
  next?: string;  // marker of the next page; undefined on the last one
}

export type Filters = Record<string, string | number | undefined>;

const path = (id: string) => `/v2/images/${encodeURIComponent(id)}`;
const binPath = (id: string) => `/api/trash/${encodeURIComponent(id)}`;

function page<T extends {id: string | number}>(rows: T[], next: string | undefined): List<T> {
  return {rows, next: next ? String(rows.at(-1)?.id) : undefined};
}

export async function listImages(filters: Filters, signal?: AbortSignal): Promise<List<Image>> {
  const answer = await get<{images: Image[]; next?: string}>(`/v2/images${query(filters)}`, signal);
  return page(answer.images, answer.next);
}

export async function listBin(filters: Filters, signal?: AbortSignal): Promise<List<BinEntry>> {
  const answer = await get<{trash: BinEntry[]; next?: string}>(`/api/trash${query(filters)}`, signal);
  return page(answer.trash, answer.next);
}

export async function listEvents(filters: Filters, signal?: AbortSignal): Promise<List<AuditEvent>> {
  const answer = await get<{events: AuditEvent[]; next?: string}>(`/api/events${query(filters)}`, signal);
  return page(answer.events, answer.next);
}

export const imageDetails = (id: string, signal?: AbortSignal) =>
  get<ImageDetails>(`/api/images/${encodeURIComponent(id)}`, signal);

export const createImage = (fields: Record<string, unknown>) => post<Image>('/v2/images', fields);

export interface Change {
  op: 'add' | 'replace' | 'remove';
  path: string;
  value?: unknown;
}

export const changeImage = async (id: string, changes: Change[]) =>
  (await ask<Image>('PATCH', path(id), changes, patchType)).body;

/** Returns the JSON pointer (RFC 6901) of a property, for `Change.path`. */
export const propertyPath = (name: string) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;

export const deleteImage = (id: string) => remove<void>(path(id));
export const setActive = (id: string, active: boolean) =>
  post<void>(`${path(id)}/actions/${active ? 'reactivate' : 'deactivate'}`);
export const addTag = (id: string, tag: string) => put<void>(`${path(id)}/tags/${encodeURIComponent(tag)}`);
export const removeTag = (id: string, tag: string) => remove<void>(`${path(id)}/tags/${encodeURIComponent(tag)}`);

export const members = async (id: string, signal?: AbortSignal) =>
  (await get<{members: Member[]}>(`${path(id)}/members`, signal)).members;
export const addMember = (id: string, project: string) => post<Member>(`${path(id)}/members`, {member: project});
export const removeMember = (id: string, project: string) =>
  remove<void>(`${path(id)}/members/${encodeURIComponent(project)}`);
export const answerMember = (id: string, project: string, status: string) =>
  put<Member>(`${path(id)}/members/${encodeURIComponent(project)}`, {status});

export const dataPath = (id: string) => `${path(id)}/file`;

export const restore = (id: string) => post<Image>(`${binPath(id)}/restore`);
export const purge = (id: string) => remove<void>(binPath(id));
export const emptyBin = (all: boolean) => remove<ScrubRun>(`/api/trash${all ? '?all=true' : ''}`);

// Attributes that the appliance itself defines. Every other one is a property that a user has set.
const attributes = new Set(['id', 'name', 'status', 'visibility', 'owner', 'protected', 'os_hidden', 'disk_format',
  'container_format', 'size', 'virtual_size', 'min_disk', 'min_ram', 'checksum', 'os_hash_algo', 'os_hash_value',
  'created_at', 'updated_at', 'tags', 'stores', 'self', 'file', 'schema', 'deleted_at', 'deleted_by', 'scrub_after',
  'blocked', 'status_reason', 'locations', 'upload', 'history', 'events', 'direct_url']);

export function properties(image: Image): [string, string][] {
  return Object.entries(image).filter(([name]) => !attributes.has(name)).map(([name, value]) => [name, String(value)] as
    [string, string]).sort(([left], [right]) => left.localeCompare(right));
}

/** Returns the name of the file that a download creates. */
export function fileName(image: Image): string {
  const stem = (image.name ?? image.id).replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^[.-]+/, '') || image.id;
  const ending = image.disk_format === 'raw' || !image.disk_format ? 'img' : image.disk_format;
  return stem.endsWith(`.${ending}`) ? stem : `${stem}.${ending}`;
}
