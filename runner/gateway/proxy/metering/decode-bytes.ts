import type { Transform } from "node:stream";
import { promisify } from "node:util";
import {
  brotliDecompress,
  constants,
  createBrotliDecompress,
  createInflateRaw,
  createUnzip,
  createZstdDecompress,
  inflateRaw,
  unzip,
  zstdDecompress,
} from "node:zlib";

/** Reads bytes without an encoding. */
export interface ByteReader {
  write(chunk: Buffer): void;
  /** So many bytes came that can't be decoded. */
  lose(bytes: number): void;
  end(): void;
}

/** Takes a copy of passing bytes, decodes it and gives it to a reader. */
export interface ByteCopy {
  /** Whether the source is to pause until `onDrain` is called. */
  readonly isBehind: boolean;
  write(chunk: Buffer): void;
  /** Calls back when the reader has everything: at once for plain bytes. */
  end(onRead: () => void): void;
}

interface Decoder {
  readonly whole: (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
  /**
   * A stream that is cut has no proper end, so each decoder flushes and yields what came.
   * @param first bytes of the stream.
   */
  readonly stream: (first: Buffer) => Transform;
}

const FLUSHED = { finishFlush: constants.Z_SYNC_FLUSH };

/** It distinguishes gzip and deflate by their first bytes. */
const ZLIB: Decoder = {
  whole: promisify(unzip),
  stream: () => createUnzip(FLUSHED),
};
/** The method in the first byte of a zlib header (RFC 1950). Some servers send no header. */
const DEFLATED = 8;
const hasHeader = (bytes: Buffer): boolean => ((bytes[0] ?? DEFLATED) & 0xf) === DEFLATED;
const unzipWhole = promisify(unzip);
const inflateWhole = promisify(inflateRaw);
const DEFLATE: Decoder = {
  whole: async (bytes, options) =>
    await (hasHeader(bytes) ? unzipWhole : inflateWhole)(bytes, options),
  stream: (first) => (hasHeader(first) ? createUnzip : createInflateRaw)(FLUSHED),
};
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: ZLIB,
  "x-gzip": ZLIB,
  deflate: DEFLATE,
  br: {
    whole: promisify(brotliDecompress),
    stream: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  },
  zstd: {
    whole: promisify(zstdDecompress),
    stream: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_flush }),
  },
};

/** A body without its encoding; unchanged if it can't be decoded within the bound. */
export async function decodeBody(
  body: Buffer,
  contentEncoding: string | undefined,
  bytesMax: number,
): Promise<Buffer> {
  const decoder = DECODERS[contentEncoding?.trim().toLowerCase() ?? ""];
  if (decoder === undefined) return body;
  try {
    return await decoder.whole(body, { maxOutputLength: bytesMax });
  } catch {
    return body;
  }
}

/** Puts a decoder before a reader; null for an unknown encoding. */
export function decodeCopy(
  reader: ByteReader,
  { contentEncoding, onDrain }: { readonly contentEncoding: string; readonly onDrain: () => void },
): ByteCopy | null {
  if (contentEncoding === "" || contentEncoding === "identity") return plainCopy(reader);
  const decoder = DECODERS[contentEncoding];
  return decoder === undefined ? null : decodedCopy(reader, decoder.stream, onDrain);
}

function plainCopy(reader: ByteReader): ByteCopy {
  return {
    isBehind: false,
    write: (chunk) => reader.write(chunk),
    end: (onRead) => {
      reader.end();
      onRead();
    },
  };
}

function decodedCopy(reader: ByteReader, open: Decoder["stream"], onDrain: () => void): ByteCopy {
  let undecoded = 0;
  let decoder: Transform | null = null;
  const begin = (first: Buffer): Transform => {
    const begun = open(first);
    begun.on("data", (chunk: Buffer) => reader.write(chunk));
    begun.on("drain", onDrain);
    // Bytes that can't be decoded end the metering, never the answer.
    begun.on("error", () => {
      reader.lose(undecoded);
      onDrain();
    });
    return begun;
  };
  return {
    get isBehind() {
      return decoder?.writableNeedDrain === true;
    },
    write: (chunk) => {
      undecoded += chunk.length;
      decoder ??= begin(chunk);
      if (decoder.destroyed) reader.lose(chunk.length);
      else decoder.write(chunk);
    },
    end: (onRead) => {
      const finish = (): void => {
        reader.end();
        onRead();
      };
      if (decoder === null || decoder.closed) return finish();
      decoder.once("close", finish);
      decoder.end();
    },
  };
}
