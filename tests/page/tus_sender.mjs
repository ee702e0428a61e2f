// Client in its own process. It begins the upload of an image with tus-js-client, or resumes the one in its URL store.
// Arguments: the address of the uploads, the image's id, its size in bytes, the key from which its bytes are generated,
// the file of the URL store.
import {createCipheriv} from 'node:crypto';
import {Readable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import tus from 'tus-js-client';

const piece = 1 << 16;  // bytes; a multiple of the block size of the cipher
const zeros = Buffer.alloc(piece);

/** Yields the bytes from `start` to before `end` of the file that the key stands for. They are generated on the way. */
export function* bytesOf(key, start, end) {
  const skipped = start % 16;
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt((start - skipped) / 16), 8);
  const cipher = createCipheriv('aes-128-ctr', Buffer.from(key, 'hex'), counter);
  cipher.update(zeros.subarray(0, skipped));
  for (let at = start; at < end; at += piece) yield cipher.update(zeros.subarray(0, Math.min(piece, end - at)));
}

/** Returns the file in the form that tus-js-client reads. */
const source = (key, size) => ({
  size,
  slice: async (start, end) =>
    ({value: Object.assign(Readable.from(bytesOf(key, start, end)), {size: end - start}), done: end === size}),
  close: () => {},
});

function send(endpoint, image, size, key, store) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(source(key, size), {
      endpoint,
      metadata: {image_id: image, filename: 'disk.raw'},
      fileReader: {openFile: async (file) => file},
      fingerprint: async () => image,
      urlStorage: new tus.FileUrlStorage(store),
      retryDelays: [0, 100, 200, 400, 800, 1000, 1000, 1000, 2000, ...Array(60).fill(5000)],
      onSuccess: resolve,
      onError: reject,
    });
    upload.findPreviousUploads().then(([previous]) => {
      if (previous) upload.resumeFromPreviousUpload(previous);
      upload.start();
    }, reject);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [endpoint, image, size, key, store] = process.argv.slice(2);
  await send(endpoint, image, Number(size), key, store);
}
