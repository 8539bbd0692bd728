import type { Transform } from "node:stream";
import { promisify } from "node:util";
import {
  brotliDecompress,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
  gunzip,
  inflate,
  zstdDecompress,
} from "node:zlib";

import type { ByteCopy, ByteReader } from "./byte-reader.ts";

interface Decoder {
  readonly whole: (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;
  /** A stream that is cut has no proper end, so each decoder flushes and yields what came. */
  readonly stream: () => Transform;
}

const GZIP: Decoder = {
  whole: promisify(gunzip),
  stream: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
};
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: GZIP,
  "x-gzip": GZIP,
  deflate: {
    whole: promisify(inflate),
    stream: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  },
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
  return decoder === undefined ? null : decodedCopy(reader, decoder.stream(), onDrain);
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

function decodedCopy(reader: ByteReader, decoder: Transform, onDrain: () => void): ByteCopy {
  decoder.on("data", (chunk: Buffer) => reader.write(chunk));
  decoder.on("drain", onDrain);
  // Bytes that can't be decoded end the metering, never the answer.
  decoder.on("error", onDrain);
  return {
    get isBehind() {
      return decoder.writableNeedDrain;
    },
    write: (chunk) => {
      if (!decoder.destroyed) decoder.write(chunk);
    },
    end: (onRead) => {
      const finish = (): void => {
        reader.end();
        onRead();
      };
      if (decoder.closed) return finish();
      decoder.once("close", finish);
      decoder.end();
    },
  };
}
