// Runs the real binary for a test, with its own data folder, on a free port of loopback.
import {spawn, spawnSync} from 'node:child_process';
import {chmodSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import './hang_limit.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const binary = process.env.REPRIEVE_BINARY ?? join(root, 'build/quick/reprieve');
const patience = 180_000;  // milliseconds; only ends a test that hangs

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Repeats the condition until its result is true, and returns that. Throws after `most` milliseconds. */
export async function until(condition, what, most = patience) {
  const end = Date.now() + most;
  for (;;) {
    const result = await condition();
    if (result) return result;
    if (Date.now() > end) throw new Error(`not within ${most} ms: ${what}`);
    await pause(30);
  }
}

export class Appliance {
  constructor(settings = '') {
    this.folder = mkdtempSync(join(tmpdir(), 'reprieve-page-'));
    this.data = join(this.folder, 'data');
    this.config = join(this.folder, 'config.toml');
    this.logFile = join(this.folder, 'log');
    this.pinned = [];
    writeFileSync(this.config, settings);
    process.on('exit', () => this.process?.kill('SIGKILL'));
  }

  async start() {
    const log = openSync(this.logFile, 'a');
    const web = process.env.REPRIEVE_WEB_DIR ? ['--web-dir', process.env.REPRIEVE_WEB_DIR] : [];
    const listen = `127.0.0.1:${this.port ?? 0}`;
    const from = readFileSync(this.logFile, 'utf8').length;
    this.process = spawn(binary, ['serve', '--config', this.config, '--data', this.data, '--listen', listen, ...web],
      {stdio: ['ignore', log, log]});
    this.port = await until(() => {
      const text = readFileSync(this.logFile, 'utf8').slice(from);
      if (this.process.exitCode !== null) throw new Error(`the appliance ended: ${text}`);
      return Number(/server\.listening.*\bport=(\d+)/.exec(text)?.[1]);
    }, 'the appliance listens');
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Ends the appliance with a signal. Its folder stays. */
  async stop(signal = 'SIGTERM') {
    if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill(signal);
    await ended;
  }

  async end() {
    await this.stop('SIGKILL');
    for (const release of this.pinned) release();
    rmSync(this.folder, {recursive: true, force: true});
  }

  /** Sends a request as another client would. Returns the parsed answer; throws if the status is no success. */
  async ask(method, path, body, type = 'application/json', headers = {}) {
    const isData = body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method,
      headers: body === undefined ? headers
        : {'Content-Type': isData ? 'application/octet-stream' : type, ...headers},
      body: body === undefined || isData ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Makes the system refuse the removal of an image's bytes. Returns a function that allows it again; undefined if
   * this is not possible, because root needs a file system with immutable files. */
  pin(id) {
    const folder = join(this.data, 'images');
    if (process.getuid() !== 0) {
      chmodSync(folder, 0o500);
      return () => chmodSync(folder, 0o700);
    }
    const set = (flag) => spawnSync('chattr', [flag, join(folder, id)]).status === 0;
    if (!set('+i')) return undefined;
    this.pinned.push(() => set('-i'));
    return () => set('-i');
  }

  async image(fields, data = undefined) {
    const {id} = await this.ask('POST', '/v2/images',
      {name: 'image', disk_format: 'raw', container_format: 'bare', ...fields});
    if (data) await this.ask('PUT', `/v2/images/${id}/file`, data);
    return id;
  }
}
