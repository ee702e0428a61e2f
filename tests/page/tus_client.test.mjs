// An upload by tus-js-client is cut many times, at random bytes: the server is killed, the network is cut, the client's
// process ends. It must complete nevertheless. REPRIEVE_TUS_BYTES sets the size; REPRIEVE_TUS_SEED determines the bytes
// and the cuts.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {createHash, randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {fileURLToPath} from 'node:url';
import {Appliance, pause} from './appliance.mjs';
import {bytesOf} from './tus_sender.mjs';

const size = Number(process.env.REPRIEVE_TUS_BYTES ?? 256 << 20);
const seed = process.env.REPRIEVE_TUS_SEED ?? randomBytes(16).toString('hex');
const cutsOfAKind = 4;
const shortest = 600_000;  // milliseconds, plus one second for each 4 MiB; only ends a test that hangs

/** Yields random numbers in [0, 1) that the seed determines. */
function* chances(key) {
  for (let round = 0; ; ++round)
    yield createHash('sha256').update(`${key} ${round}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** Network between client and server, which counts the client's bytes. It never calls resetAndDestroy(), because Node
 * can then hang at the end of the process, waiting for a socket. */
class Network {
  passed = 0;
  pairs = new Set();
  isDown = false;

  constructor(appliance) {
    this.appliance = appliance;
    this.listener = createServer((client) => this.join(client));
  }

  async start() {
    this.listener.listen(0, '127.0.0.1');
    await once(this.listener, 'listening');
    return this;
  }

  get url() {
    return `http://127.0.0.1:${this.listener.address().port}`;
  }

  join(client) {
    if (this.isDown) return client.destroy();
    const pair = {client, server: connect(this.appliance.port, '127.0.0.1')};
    this.pairs.add(pair);
    client.on('data', (bytes) => { this.passed += bytes.length; });
    client.on('error', () => pair.server.destroy());
    pair.server.on('error', () => client.destroy());
    pair.server.on('close', () => {
      client.end();
      this.pairs.delete(pair);
    });
    client.pipe(pair.server);
    pair.server.pipe(client);
  }

  /** Closes all connections of the client. `isHeard`: also those to the server; otherwise the server keeps waiting for
   * bytes. */
  cut(isHeard) {
    for (const {client, server} of this.pairs) {
      client.unpipe(server);
      client.removeAllListeners('error').on('error', () => {});
      client.destroy();
      if (isHeard) server.destroy();
    }
  }

  end() {
    this.cut(true);
    this.listener.close();
  }
}

/** The process of the client. It can be killed and started again, and then resumes the upload. */
class Client {
  constructor(...facts) {
    this.facts = facts;
    this.start();
  }

  start() {
    const script = fileURLToPath(new URL('tus_sender.mjs', import.meta.url));
    this.process = spawn(process.execPath, [script, ...this.facts], {stdio: ['ignore', 'inherit', 'inherit']});
    this.ended = once(this.process, 'exit');
  }

  get isRunning() {
    return this.process.exitCode === null && this.process.signalCode === null;
  }

  async kill() {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

const appliance = new Appliance();
const network = new Network(appliance);
let client;
after(async () => {
  await client?.kill();
  network.end();
  await appliance.end();
});

test(`an upload of ${size} bytes is cut at random bytes and becomes whole`, async () => {
  console.log(`REPRIEVE_TUS_SEED=${seed}`);
  const random = chances(seed);
  const chance = () => random.next().value;
  const key = createHash('md5').update(seed).digest('hex');
  await appliance.start();
  await network.start();
  const image = await appliance.image({name: 'large'});

  const cuts = {
    async 'the server is killed'() {
      await appliance.stop('SIGKILL');
      await pause(chance() * 500);
      await appliance.start();
    },
    async 'the network is cut'() {
      network.isDown = true;
      network.cut(chance() < 0.5);
      await pause(chance() * 500);
      network.isDown = false;
    },
    async 'the client ends'() {
      await client.kill();
      client.start();
    },
  };
  const left = Object.keys(cuts).flatMap((kind) => Array(cutsOfAKind).fill(kind));
  // Bytes between two cuts, at most, so that all cuts are made before the upload can be complete.
  const farthest = size / left.length;
  const end = Date.now() + shortest + size / (4 << 20) * 1000;
  client = new Client(`${network.url}/api/uploads`, image, size, key, join(appliance.folder, 'urls.json'));
  // Only then does the URL store of the client have the upload. A client that is killed while it writes the store
  // leaves a broken file.
  const first = 1 << 20;
  let next = first + chance() * (farthest - first);
  while (client.isRunning) {
    assert.ok(Date.now() < end, 'it goes on');
    if (left.length > 0 && network.passed >= next) {
      const [kind] = left.splice(Math.floor(chance() * left.length), 1);
      console.log(`${kind}, ${network.passed} bytes have passed`);
      await cuts[kind]();
      next = network.passed + chance() * farthest;
    }
    await pause(2);
  }
  assert.equal(client.process.exitCode, 0);
  assert.deepEqual(left, []);
  console.log(`${network.passed} bytes have passed for ${size}`);

  const digests = [createHash('md5'), createHash('sha512')];
  for (const bytes of bytesOf(key, 0, size)) for (const digest of digests) digest.update(bytes);
  const [md5, sha512] = digests.map((digest) => digest.digest('hex'));
  const shown = await appliance.ask('GET', `/v2/images/${image}`);
  assert.deepEqual([shown.status, shown.size, shown.checksum, shown.os_hash_value], ['active', size, md5, sha512]);
  const stored = createHash('sha512');
  for await (const bytes of (await fetch(`${appliance.url}/v2/images/${image}/file`)).body) stored.update(bytes);
  assert.equal(stored.digest('hex'), sha512);
});
