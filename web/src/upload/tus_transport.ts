// Uploads by tus 1.0.0 (docs/API.md), of any size: a second way for the small ones, in one request, would save them a
// request, and have to be kept beside this one.
//
// All bytes are one PATCH. The appliance keeps what came of a request that breaks off, so that pieces would save
// nothing, and each would wait for the disk.
import {DetailedError, Upload} from 'tus-js-client';
import {ApiError, connectionLost, get, reasonIn} from '../api/http';
import {createImage, deleteImage, imageDetails} from '../api/images';
import type {ImageDetails} from '../api/types';
import {t} from '../text/text';
import {type Listener, type NewImage, type Place, type Transport, UploadOver} from './transport';

const endpoint = '/api/uploads';

/** Milliseconds without a byte, after which a connection is told to wait. */
const quiet = 8_000;

/** Milliseconds after which it is taken for dead. The appliance itself may have a request wait for 30 s. */
const silence = 60_000;

/** Milliseconds to the next try; the last one again and again. */
const delays = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** What passes by itself: no answer at all, and what the appliance, or a proxy before it, says of itself. */
const isPassing = (error: unknown) =>
  error instanceof ApiError && [0, 408, 423, 429, 502, 503, 504].includes(error.status);

/** What is said of an upload and does not pass is final, save that the session has ended (401), that rights are missing
 * (403), and, once it has begun, that somebody else has added to it (409). */
const isFinal = (error: unknown, hasBegun: boolean) =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && !isPassing(error) &&
  !(hasBegun ? [401, 403, 409] : [401, 403]).includes(error.status);

const isMissing = (error: unknown) => error instanceof ApiError && (error.status === 404 || error.status === 410);

/** What the library tells, as all other answers of the appliance are told. */
async function explained(error: Error, path?: string): Promise<Error> {
  if (!(error instanceof DetailedError)) return error;
  const response = error.originalResponse;
  if (!response) return connectionLost();
  const status = response.getStatus();
  if (error.originalRequest.getMethod() === 'HEAD') {
    // Its answer has no text: who asks with GET is told why. Where that is fine, the upload is busy.
    if (path) await get(path);
    return new ApiError(status, t('upload_busy'));
  }
  const reason = reasonIn(response.getBody(), status);
  // Bytes that are refused with 423 made way for somebody else's, who goes on.
  const isReplaced = status === 423 && error.originalRequest.getMethod() === 'PATCH';
  return isReplaced ? new Error(reason) : new ApiError(status, reason);
}

/** The image of an upload; undefined where there is none any more. */
async function imageOf(id: string): Promise<ImageDetails | undefined> {
  try {
    return await imageDetails(id);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return undefined;
  }
}

const isComplete = (image?: ImageDetails) => image?.status === 'active' || image?.status === 'deactivated';

/** Whether an upload that is over came to its end as an image: of one that is complete, the appliance knows for a
 * while alone. Where it did not, the error says why: the image knows. */
async function requireComplete(imageId: string, error: Error): Promise<void> {
  const image = await imageOf(imageId);
  if (!isComplete(image)) throw new UploadOver(image?.status_reason || error.message);
}

/** The image that gets the bytes. Its id is random: where there is one, an earlier try has made it. */
async function ensureImage(id: string, image: NewImage): Promise<void> {
  try {
    await createImage({id, ...image});
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}

/** One try: from where the appliance is, as far as it goes. */
function sendOnce(file: File, place: Place, listener: Listener, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let timers: number[] = [];
    const stopTimers = () => timers.forEach((timer) => window.clearTimeout(timer));
    const end = () => {
      stopTimers();
      signal.removeEventListener('abort', stop);
    };
    const fail = (error: unknown) => {
      end();
      void upload.abort();
      reject(error);
    };
    const stop = () => fail(signal.reason);
    const isHeard = () => {
      stopTimers();
      timers = [window.setTimeout(() => listener.onAway(''), quiet),
                window.setTimeout(() => fail(connectionLost()), silence)];
    };
    // With an endpoint, the library begins anew whenever the question for the offset is refused, be it by a proxy that
    // has no time. So it gets none where there is an upload.
    const upload = new Upload(file, {
      ...(place.path ? {uploadUrl: place.path} : {endpoint, metadata: {image_id: place.imageId}}),
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: () => signal.throwIfAborted(),
      onUploadUrlAvailable: () => {
        // Whatever name the appliance knows itself by, the page speaks to the one it came from.
        upload.url = new URL(upload.url!, location.href).pathname;
        listener.onPath(upload.url);
      },
      onAfterResponse: (_, response) => {
        isHeard();
        const offset = response.getHeader('Upload-Offset');
        if (offset && response.getStatus() < 300) listener.onOffset(Number(offset));
      },
      onProgress: (sent) => {
        isHeard();
        // What is left is for the disk, which takes the time that it takes.
        if (sent >= file.size) stopTimers();
        listener.onProgress(sent);
      },
      onSuccess: () => {
        end();
        resolve();
      },
      onError: (error) => {
        end();
        explained(error, place.path).then(reject, reject);
      },
    });
    signal.addEventListener('abort', stop);
    isHeard();
    upload.start();
  });
}

/** Waits; not longer than until the browser says that it has a network again. */
function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      window.clearTimeout(timer);
      window.removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = window.setTimeout(done, milliseconds);
    window.addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}

/** A file that changed since it was chosen fails as a network does, but does not come back. */
async function requireReadable(file: File): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw new UploadOver(t('upload_unreadable'));
  }
}

export const tusTransport: Transport = {
  async send(file, image, place, listener, signal) {
    let path = place.path;
    let furthest = -1;
    let failures = 0;
    const noted: Listener = {
      ...listener,
      onPath(it) {
        path = it;
        listener.onPath(it);
      },
      onOffset(offset) {
        if (offset > furthest) failures = 0;
        furthest = Math.max(furthest, offset);
        listener.onOffset(offset);
      },
    };
    for (;;) {
      try {
        signal.throwIfAborted();
        if (!path) await ensureImage(place.imageId, image);
        return await sendOnce(file, {...place, path}, noted, signal);
      } catch (error) {
        signal.throwIfAborted();
        const {status, message} = error as ApiError;
        if (isFinal(error, path !== undefined)) {
          // It is not there any more, or its image takes no bytes (409): another try may have brought them.
          if (!isMissing(error) && status !== 409) throw new UploadOver(message);
          return await requireComplete(place.imageId, error as Error);
        }
        if (!isPassing(error)) throw error;
        await requireReadable(file);
        listener.onAway(status === 0 ? '' : message);
        await wait(delays[Math.min(failures++, delays.length - 1)]!, signal);
      }
    }
  },

  async look({imageId, path}) {
    if (!path) return {offset: 0, isDone: isComplete(await imageOf(imageId))};
    try {
      const {offset, done} = await get<{offset: number; done: boolean}>(path);
      return {offset, isDone: done};
    } catch (error) {
      if (!isMissing(error)) throw error;
      await requireComplete(imageId, error as Error);
      return {offset: 0, isDone: true};
    }
  },

  async discard({imageId, path}) {
    if (path) {
      await Upload.terminate(path, {retryDelays: null}).catch(async (error: Error) => {
        const told = await explained(error);
        if (!isMissing(told)) throw told;
      });
    }
    // An upload that was complete before its end has become an image, which is not for this to delete.
    const image = await imageOf(imageId);
    if (image?.status !== 'queued' && image?.status !== 'saving') return;
    await deleteImage(imageId).catch((error: Error) => {
      if (!isMissing(error)) throw error;
    });
  },
};
