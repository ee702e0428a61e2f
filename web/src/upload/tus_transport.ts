// Uploads files of any size by tus 1.0.0 (docs/API.md). A second way for small files would save only one request, and
// its code would have to be maintained, too.
//
// All bytes are one PATCH. The appliance keeps the bytes of a request that breaks off, so smaller pieces would gain
// nothing, and each would wait for the disk.
import {DetailedError, Upload} from 'tus-js-client';
import {ApiError, connectionLost, get, reasonIn} from '../api/http';
import {createImage, deleteImage, imageDetails} from '../api/images';
import type {ImageDetails} from '../api/types';
import {t} from '../text/text';
import {type Listener, type NewImage, type Place, type Transport, UploadOver} from './transport';

const endpoint = '/api/uploads';

/** Milliseconds without progress, after which the upload is reported as waiting for the connection. */
const quiet = 8_000;

/** Milliseconds without progress, after which the connection counts as dead. Longer than 30 s, because the appliance
 * itself may let a request wait for that long. */
const silence = 60_000;

/** Milliseconds before each retry; the last value is repeated. */
const delays = [500, 1_000, 2_000, 4_000, 8_000, 15_000];

/** Returns whether an error is temporary: no answer came, or the appliance, or a proxy before it, is busy or down. */
const isPassing = (error: unknown) =>
  error instanceof ApiError && [0, 408, 423, 429, 502, 503, 504].includes(error.status);

/** Returns whether an error ends the upload: every 4xx that is not temporary, except an ended session (401), missing
 * rights (403), and, once the upload has begun, a conflict with another client that has added bytes (409). */
const isFinal = (error: unknown, hasBegun: boolean) =>
  error instanceof ApiError && error.status >= 400 && error.status < 500 && !isPassing(error) &&
  !(hasBegun ? [401, 403, 409] : [401, 403]).includes(error.status);

const isMissing = (error: unknown) => error instanceof ApiError && (error.status === 404 || error.status === 410);

/** Converts an error of the library into one like those of the other calls. `path`: of the upload. */
async function explained(error: Error, path?: string): Promise<Error> {
  if (!(error instanceof DetailedError)) return error;
  const response = error.originalResponse;
  if (!response) return connectionLost();
  const status = response.getStatus();
  if (error.originalRequest.getMethod() === 'HEAD') {
    // The answer to a HEAD has no text. A GET fails with the reason; if it succeeds, the upload is busy.
    if (path) await get(path);
    return new ApiError(status, t('upload_busy'));
  }
  const reason = reasonIn(response.getBody(), status);
  // 423 for a PATCH: a newer request to the upload has replaced this one, and continues. So this is not temporary.
  const isReplaced = status === 423 && error.originalRequest.getMethod() === 'PATCH';
  return isReplaced ? new Error(reason) : new ApiError(status, reason);
}

/** Returns the image of an upload; undefined if it does not exist any more. */
async function imageOf(id: string): Promise<ImageDetails | undefined> {
  try {
    return await imageDetails(id);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return undefined;
  }
}

const isComplete = (image?: ImageDetails) => image?.status === 'active' || image?.status === 'deactivated';

/** Throws UploadOver if the image is not complete, with the reason that the image has, else with that of `error`. The
 * image is asked because the appliance forgets a finished upload after a while. */
async function requireComplete(imageId: string, error: Error): Promise<void> {
  const image = await imageOf(imageId);
  if (!isComplete(image)) throw new UploadOver(image?.status_reason || error.message);
}

/** Creates the image for the bytes. Its id is random, so if it exists (409), an earlier attempt has created it. */
async function ensureImage(id: string, image: NewImage): Promise<void> {
  try {
    await createImage({id, ...image});
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 409)) throw error;
  }
}

/** Makes one attempt: sends the bytes that the appliance does not have yet. */
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
    // If the library has an endpoint, it starts a new upload whenever the request for the offset fails, even if only a
    // proxy is busy. So it gets no endpoint if the upload exists.
    const upload = new Upload(file, {
      ...(place.path ? {uploadUrl: place.path} : {endpoint, metadata: {image_id: place.imageId}}),
      retryDelays: null,
      storeFingerprintForResuming: false,
      onBeforeRequest: () => signal.throwIfAborted(),
      onUploadUrlAvailable: () => {
        // The appliance may name itself by another host. Use the one that the page came from.
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
        // All bytes are sent. Storing them may take any time, so there is no timeout.
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

/** Waits for `milliseconds`. Resolves earlier if the browser has a network again, or if `signal` aborts. */
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

/** Throws UploadOver if the file cannot be read. A file that was changed after it was chosen fails like a lost network,
 * but a retry does not help. */
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
          // The upload is gone, or the image takes no bytes (409): an earlier attempt may have completed it.
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
    // If all bytes had arrived before the upload was ended, the image is complete and must stay.
    const image = await imageOf(imageId);
    if (image?.status !== 'queued' && image?.status !== 'saving') return;
    await deleteImage(imageId).catch((error: Error) => {
      if (!isMissing(error)) throw error;
    });
  },
};
