// Checks whether a file is the one that an upload began with, because bytes of two files must not become one image.
import type {Remembered} from './memory';

const samples = 16;
const sampleBytes = 4096;

/** Returns the FNV-1a hash of samples spread over the file, in hexadecimal. A hash of all bytes would take as long as
 * the upload. Throws if the file cannot be read. */
export async function fingerprint(file: File): Promise<string> {
  let hash = 0x811c9dc5;
  for (let i = 0; i < samples; ++i) {
    const at = Math.floor((i * Math.max(0, file.size - sampleBytes)) / (samples - 1));
    const bytes = new Uint8Array(await file.slice(at, at + sampleBytes).arrayBuffer());
    for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash.toString(16);
}

/** Returns whether `file` is the known one. The name may differ. The time of the last change must be equal: the disk of
 * a VM that ran meanwhile has another content, but the same size. */
export async function isSame(file: File, known: Remembered['file']): Promise<boolean> {
  return file.size === known.size && file.lastModified === known.modified && await fingerprint(file) === known.print;
}
