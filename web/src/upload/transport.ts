// How the bytes of a file come to the appliance. Whoever uploads knows this interface alone.

export interface NewImage {
  name: string;
  disk_format: string;
  container_format: string;
  visibility: string;
}

/** Where an upload goes on, also after a reload of the page. */
export interface Place {
  imageId: string;  // chosen here: so that a second try makes no second image
  path?: string;    // of the upload at the appliance, once there is one
}

export interface Listener {
  /** The upload has its place at the appliance. */
  onPath(path: string): void;
  /** The bytes before this one are there; those from it on are sent now. */
  onOffset(offset: number): void;
  /** So many bytes have left the browser, those before the offset too. */
  onProgress(sent: number): void;
  /** The appliance cannot be reached, or says, in `reason`, that it has no time: it is tried again by itself. */
  onAway(reason: string): void;
}

export interface Transport {
  /** Makes an image of a file, or goes on with it; resolves once the image is active, and outlasts a network or an
   * appliance that is away. Rejects with the appliance's reason, or once `signal` says so: then it can go on later,
   * unless the error says `isOver`. */
  send(file: File, image: NewImage, place: Place, listener: Listener, signal: AbortSignal): Promise<void>;

  /** How much is there. Rejects with `isOver` where the upload has come to its end without an image. */
  look(place: Place): Promise<{offset: number; isDone: boolean}>;

  /** Ends an upload; no image is left, save one that is complete. */
  discard(place: Place): Promise<void>;
}

/** An upload that came to its end without an image: to go on is no use. */
export class UploadOver extends Error {}
