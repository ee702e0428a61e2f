// Types of the appliance's answers (docs/API.md). Times are RFC 3339, sizes are in bytes.

export interface Session {
  mode: 'none' | 'local' | 'keystone';
  user: Named;
  project: Named | null;
  roles: string[];
  expires_at: string | null;
  needs_password: boolean;
}

export interface Named {
  id: string;
  name: string;
}

export type Visibility = 'private' | 'shared' | 'community' | 'public';

export interface Image {
  id: string;
  name: string | null;
  status: string;
  visibility: Visibility;
  owner: string;
  protected: boolean;
  os_hidden: boolean;
  disk_format: string | null;
  container_format: string | null;
  size: number | null;
  virtual_size: number | null;
  min_disk: number;  // GiB
  min_ram: number;   // MiB
  checksum: string | null;
  os_hash_algo: string | null;
  os_hash_value: string | null;
  created_at: string;
  updated_at: string;
  tags: string[];
  stores?: string;
  [property: string]: unknown;
}

export interface Location {
  store: string;
  uri: string;
  size: number;
  state: string;
  allocated: number | null;
  last_error?: string;
}

export interface UploadState {
  offset: number;
  length: number | null;
  expires_at: string;
}

export interface ImageDetails extends Image {
  status_reason?: string;
  locations?: Location[];
  upload: UploadState | null;
  history: AuditEvent[];
}

export interface Blocked {
  reason: string;
  by?: string[];
  attempts: number;
  next_attempt_at: string;
}

export interface BinEntry extends Image {
  deleted_at: string;
  deleted_by: string;
  scrub_after: string;
  blocked: Blocked | null;
}

export interface Member {
  member_id: string;
  status: 'pending' | 'accepted' | 'rejected';
  created_at: string;
}

export interface AuditEvent {
  id: number;
  at: string;
  action: string;
  user: string;
  user_name: string;
  project: string;
  address: string;
  target: string;
  target_name: string;
  owner: string;
  result: string;
  detail: string;
  count: number;
}

export interface ScrubRun {
  id: number;
  trigger: string;
  started_at: string;
  ended_at: string | null;
  images: number;
  bytes_freed: number;
  failures: number;
  held?: string;
  done?: boolean;
  dry_run?: boolean;
  image_ids?: string[];
  failed?: {image_id: string; reason: string}[];
}

export interface ScrubberState {
  scrub_time: number;  // seconds
  next_due_at: string | null;
  next_run_at: string | null;
  held: {reason: string; remaining_seconds: number} | null;
  running: ScrubRun | null;
  last_runs: ScrubRun[];
  blocked: {image_id: string; name: string; reason: string; attempts: number; next_attempt_at: string}[];
}

export interface CheckState {
  running: boolean;
  repair: boolean;
  started_at: string | null;
  checked: number;
  expected: number;
  catalog: string;
  error: string;
  findings: number;
  first_findings: {kind: string; image_id: string; store: string; detail: string; repair: string}[];
}

export interface StoreStatus {
  name: string;
  description: string;
  default: boolean;
  images: number;
  bin: number;
  reserved: number;
  total: number;
  available: number;
  error: string;
}

/** Use of a store at one time. */
export interface SpacePoint {
  time: string;
  images: number;
  bin: number;
  reserved: number;
  total: number;
  available: number;
}

export interface SpaceHistory {
  hours: number;
  stores: {name: string; points: SpacePoint[]}[];
}

export interface WorkerState {
  name: string;
  is_busy: boolean;
  next_turn_at: string | null;
  failures: number;
  failures_in_a_row: number;
  last_error: string;
  last_error_at: string | null;
}

export interface Status {
  version: string;
  time: string;
  delayed_delete: boolean;
  scrub_time: number;  // seconds
  totals: {images: number; bytes: number; bin_images: number; bin_bytes: number} | null;
  by_status: Record<string, number> | null;
  stores: StoreStatus[] | null;
  workers: WorkerState[] | null;
}

export interface User extends Named {
  enabled: boolean;
  description: string;
  default_project_id: string | null;
}

export interface Project extends Named {
  enabled: boolean;
  description: string;
}

export interface Assignment {
  role: Named;
  user: Named;
  scope: {project: Named};
}

export interface Credential extends Named {
  description: string | null;
  project_id: string;
  roles: Named[];
  expires_at: string | null;
  secret?: string;
}
