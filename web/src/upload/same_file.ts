// Whether a file is the one that an upload began with: bytes of two files must not become one image.
import type {Remembered} from './memory';

const samples = 16;
const sampleBytes = 4096;

/** FNV-1a of some bytes of the file, from its first to its last; a sum of all would take as long as the upload. */
export async function fingerprint(file: File): Promise<string> {
  let hash = 0x811c9dc5;
  for (let i = 0; i < samples; ++i) {
    const at = Math.floor((i * Math.max(0, file.size - sampleBytes)) / (samples - 1));
    const bytes = new Uint8Array(await file.slice(at, at + sampleBytes).arrayBuffer());
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16);
}

/** The name does not count; the time of the last change does: a disk of a machine that ran since has the same size. */
export async function isSame(file: File, known: Remembered['file']): Promise<boolean> {
  return file.size === known.size && file.lastModified === known.modified && await fingerprint(file) === known.print;
}
