/**
 * A message between the host and the grader: 4 bytes payload length, 4 bytes id (both big-endian), payload.
 * The host sends a hello. After that the grader sends requests, and each gets one answer with its id.
 */
export interface Frame {
  readonly id: number;
  readonly payload: Uint8Array;
}

/** The host runs and has not loaded any of the solution yet. */
export const HELLO_ID = 0;
/** Asks the host to load the solution's module. The answer says whether that worked. */
export const LOAD_ID = 1;
/** Asks the host to remove the types of the solution's files, before it loads the solution. */
export const STRIP_ID = 2;
export const FIRST_REQUEST_ID = 3;

export const PAYLOAD_BYTES_MAX = 256 * 1024;
const HEADER_BYTES = 8;

export function encodeFrame({ id, payload }: Frame): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32BE(payload.byteLength, 0);
  header.writeUInt32BE(id, 4);
  return Buffer.concat([header, payload]);
}

/** Cuts a stream of bytes into frames. It keeps at most the bytes of one frame, and throws if a frame is too long. */
export class FrameReader {
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #bytesWanted = HEADER_BYTES;

  push(chunk: Uint8Array): readonly Frame[] {
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    const frames: Frame[] = [];
    while (this.#bytes >= this.#bytesWanted) {
      const buffer = Buffer.concat(this.#chunks);
      const payloadBytes = buffer.readUInt32BE(0);
      if (payloadBytes > PAYLOAD_BYTES_MAX) {
        throw new RangeError(
          `A message of ${payloadBytes} bytes is longer than ${PAYLOAD_BYTES_MAX}.`,
        );
      }
      const end = HEADER_BYTES + payloadBytes;
      const isWhole = buffer.byteLength >= end;
      if (isWhole)
        frames.push({ id: buffer.readUInt32BE(4), payload: buffer.subarray(HEADER_BYTES, end) });
      this.#keep(isWhole ? buffer.subarray(end) : buffer, isWhole ? HEADER_BYTES : end);
    }
    return frames;
  }

  #keep(rest: Uint8Array, bytesWanted: number): void {
    this.#chunks = [rest];
    this.#bytes = rest.byteLength;
    this.#bytesWanted = bytesWanted;
  }
}
