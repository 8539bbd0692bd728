import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";

import type { AnswerCopy, ByteReader } from "./answer-copy.ts";

type Decoder = () => Transform;

// An answer that is cut has no proper end: what was there is flushed and read.
const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  "x-gzip": () => createGunzip({ finishFlush: constants.Z_SYNC_FLUSH }),
  deflate: () => createInflate({ finishFlush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_flush }),
};

/** Puts a decoder before a reader; null where the encoding is not known. */
export function decodeCopy(
  reader: ByteReader,
  options: { readonly contentEncoding: string; readonly onDrain: () => void },
): AnswerCopy | null {
  const encoding = options.contentEncoding.trim().toLowerCase();
  if (encoding === "" || encoding === "identity") return plainCopy(reader);
  const decoder = DECODERS[encoding];
  return decoder === undefined ? null : decodedCopy(reader, decoder(), options.onDrain);
}

function plainCopy(reader: ByteReader): AnswerCopy {
  return {
    write: (chunk) => {
      reader.write(chunk);
      return true;
    },
    end: (onRead) => {
      reader.end();
      onRead();
    },
  };
}

function decodedCopy(reader: ByteReader, decoder: Transform, onDrain: () => void): AnswerCopy {
  decoder.on("data", (chunk: Buffer) => reader.write(chunk));
  decoder.on("drain", onDrain);
  // Bytes that can't be decoded end the metering, never the answer.
  decoder.on("error", onDrain);
  return {
    write: (chunk) => decoder.destroyed || decoder.write(chunk),
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
