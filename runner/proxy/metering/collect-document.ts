import type { AnswerMeter } from "../dialects/dialect.ts";
import type { ByteReader } from "./answer-copy.ts";
import { parseJson } from "./json-value.ts";

/** Largest JSON answer that is metered, in bytes; a larger one passes with its usage unknown. */
const DOCUMENT_BYTES_MAX = 32 * 1024 * 1024;

/** Gathers a JSON answer and gives it to the meter whole. */
export function collectDocument(meter: AnswerMeter): ByteReader {
  let chunks: Buffer[] = [];
  let bytes = 0;
  return {
    write: (chunk) => {
      bytes += chunk.length;
      if (bytes <= DOCUMENT_BYTES_MAX) chunks.push(chunk);
      else chunks = [];
    },
    end: () => {
      const document = parseJson(textOf(chunks));
      chunks = [];
      if (document !== undefined) meter.readDocument(document);
    },
  };
}

function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  return (only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks)).toString();
}
