// Interface that sends the bytes of a file to the appliance. The queue of uploads knows no more of the protocol.

export interface NewImage {
  name: string;
  disk_format: string;
  container_format: string;
  visibility: string;
}

/** Place where an upload continues, also after a reload of the page. */
export interface Place {
  imageId: string;  // chosen by the page, so that a retry creates no second image
  path?: string;    // of the upload at the appliance; undefined until it exists
}

/** Callbacks of Transport.send(). */
export interface Listener {
  /** Called once the upload exists at the appliance. */
  onPath(path: string): void;
  /** Called when the appliance has all bytes before `offset`, and those from it on are sent. */
  onOffset(offset: number): void;
  /** Called when `sent` bytes have left the browser, including those before the offset. */
  onProgress(sent: number): void;
  /** Called when the appliance cannot be reached (`reason` is empty) or is busy (`reason` says why). send() retries
   * automatically. */
  onAway(reason: string): void;
}

export interface Transport {
  /** Creates an image from a file, or continues its upload. Resolves once the image is active. Retries while the
   * network or the appliance is down. Rejects with the appliance's reason, or when `signal` aborts. The upload can be
   * continued later, unless the error is an UploadOver. */
  send(file: File, image: NewImage, place: Place, listener: Listener, signal: AbortSignal): Promise<void>;

  /** Returns how many bytes the appliance has, and whether the image is complete; if it is, `offset` may be 0. Rejects
   * with UploadOver if the upload has ended without an image. */
  look(place: Place): Promise<{offset: number; isDone: boolean}>;

  /** Ends an upload, and deletes its image unless that is complete. */
  discard(place: Place): Promise<void>;
}

/** Error of an upload that has ended without an image and cannot be continued. */
export class UploadOver extends Error {}
