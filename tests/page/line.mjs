// A line between a browser and an appliance that a test makes slow, silent, or cuts, as networks do.
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {pause} from './appliance.mjs';

export class Line {
  /** Upwards it is slow behind the first `fast` bytes: `rate` bytes a second, of each connection. */
  constructor(appliance, {fast = Infinity, rate = Infinity} = {}) {
    Object.assign(this, {appliance, fast, rate, passed: 0, isCut: false, wires: new Set()});
  }

  async open() {
    this.server = createServer((near) => this.carry(near));
    this.server.listen(0, '127.0.0.1');
    this.server.unref();  // a test that fails may leave it open
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${this.server.address().port}`;
    return this;
  }

  carry(near) {
    if (this.isCut) return near.destroy();
    const far = connect(this.appliance.port, '127.0.0.1');
    const wire = {isSilent: false, end: () => { near.destroy(); far.destroy(); this.wires.delete(wire); }};
    this.wires.add(wire);
    for (const end of [near, far]) end.on('error', wire.end).on('close', () => wire.isSilent || wire.end());
    this.pass(near, far, wire, true).catch(wire.end);
    this.pass(far, near, wire, false).catch(wire.end);
  }

  async pass(from, to, wire, isUp) {
    for await (const piece of from) {
      // Whoever left this loop would close the connection.
      if (wire.isSilent) await new Promise(() => {});
      if (!to.write(piece)) await once(to, 'drain');
      if (!isUp) continue;
      this.passed += piece.length;
      if (this.passed > this.fast) await pause((1000 * piece.length) / this.rate);
    }
    to.end();
  }

  /** Slows the line so that no upload can end, while other requests pass. Returns a function that restores the speed. */
  crawl() {
    const {fast, rate} = this;
    Object.assign(this, {fast: 0, rate: 20_000});
    return () => Object.assign(this, {fast, rate});
  }

  /** From now on as fast as it can. */
  hurry() {
    this.fast = Infinity;
  }

  /** What is under way ends at once, and what comes is refused, until mend(). */
  cut() {
    this.isCut = true;
    for (const wire of this.wires) wire.end();
  }

  mend() {
    this.isCut = false;
  }

  /** What is under way gets no further, and nobody is told; what comes is carried. */
  hush() {
    for (const wire of this.wires) wire.isSilent = true;
  }

  close() {
    this.cut();
    this.server.close();
  }
}
