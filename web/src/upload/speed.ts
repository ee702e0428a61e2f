// How fast bytes go of late.

const span = 4_000;  // milliseconds over which it is told

export class Speed {
  private seen: [time: number, bytes: number][] = [];

  /** What was sent before does not count. */
  startAt(bytes: number): void {
    this.seen = [[performance.now(), bytes]];
  }

  /** Bytes a second, now that so many were sent in all. */
  at(bytes: number): number {
    const now = performance.now();
    this.seen.push([now, bytes]);
    while (this.seen.length > 2 && now - this.seen[0]![0] > span) this.seen.shift();
    const [then, before] = this.seen[0]!;
    return now > then ? (1000 * (bytes - before)) / (now - then) : 0;
  }
}
