// Proxy between a browser and an appliance, which a test can make slow or silent, or cut, as networks can be.
import {once} from 'node:events';
import {connect, createServer} from 'node:net';
import {pause} from './appliance.mjs';

export class Line {
  /** Slows each connection to the appliance to `rate` bytes a second, after `fast` bytes of all connections. */
  constructor(appliance, {fast = Infinity, rate = Infinity} = {}) {
    Object.assign(this, {appliance, fast, rate, passed: 0, isCut: false, wires: new Set()});
  }

  async open() {
    this.server = createServer((near) => this.carry(near));
    this.server.listen(0, '127.0.0.1');
    this.server.unref();  // a failed test may leave it open
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
      // The end of this loop would close the connection.
      if (wire.isSilent) await new Promise(() => {});
      if (!to.write(piece)) await once(to, 'drain');
      if (!isUp) continue;
      this.passed += piece.length;
      if (this.passed > this.fast) await pause((1000 * piece.length) / this.rate);
    }
    to.end();
  }

  /** Slows the line so that no upload can end, but other requests pass. Returns a function that restores the speed. */
  crawl() {
    const {fast, rate} = this;
    Object.assign(this, {fast: 0, rate: 20_000});
    return () => Object.assign(this, {fast, rate});
  }

  /** Ends the limit of the speed. */
  hurry() {
    this.fast = Infinity;
  }

  /** Closes all connections, and refuses new ones until mend(). */
  cut() {
    this.isCut = true;
    for (const wire of this.wires) wire.end();
  }

  mend() {
    this.isCut = false;
  }

  /** Stops the flow of bytes on all open connections, without closing them. New connections work. */
  hush() {
    for (const wire of this.wires) wire.isSilent = true;
  }

  close() {
    this.cut();
    this.server.close();
  }
}
