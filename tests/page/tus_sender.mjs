// A client in a process of its own: begins the upload of an image by tus-js-client, or goes on with the one that its
// URL store knows. Arguments: the address of the uploads, the image, its bytes, the key they are made from, the store.
import {createCipheriv} from 'node:crypto';
import {Readable} from 'node:stream';
import {fileURLToPath} from 'node:url';
import tus from 'tus-js-client';

const piece = 1 << 16;  // bytes; a multiple of the cipher's block
const zeros = Buffer.alloc(piece);

/** The bytes from `start` up to `end` of the file that the key stands for; made on the way, from any byte on. */
export function* bytesOf(key, start, end) {
  const skipped = start % 16;
  const counter = Buffer.alloc(16);
  counter.writeBigUInt64BE(BigInt((start - skipped) / 16), 8);
  const cipher = createCipheriv('aes-128-ctr', Buffer.from(key, 'hex'), counter);
  cipher.update(zeros.subarray(0, skipped));
  for (let at = start; at < end; at += piece) yield cipher.update(zeros.subarray(0, Math.min(piece, end - at)));
}

/** As tus-js-client reads a file. */
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
