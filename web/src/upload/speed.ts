// Measures the recent speed of an upload.

const span = 4_000;  // milliseconds over which the speed is averaged

export class Speed {
  private seen: [time: number, bytes: number][] = [];

  /** Starts a new measurement. `bytes`: number sent before, which does not count. */
  startAt(bytes: number): void {
    this.seen = [[performance.now(), bytes]];
  }

  /** Returns the bytes per second. `bytes`: number sent until now, in total. */
  at(bytes: number): number {
    const now = performance.now();
    this.seen.push([now, bytes]);
    while (this.seen.length > 2 && now - this.seen[0]![0] > span) this.seen.shift();
    const [then, before] = this.seen[0]!;
    return now > then ? (1000 * (bytes - before)) / (now - then) : 0;
  }
}
