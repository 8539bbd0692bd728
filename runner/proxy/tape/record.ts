import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { Clock } from "../../../ledger/domain/clock.ts";
import type { Lane } from "./lane.ts";
import type { RecordedExchange } from "./recorded-exchange.ts";
import { redactBytes } from "./redact-bytes.ts";
import { redactHeaders } from "./redact-headers.ts";

/** What a recording knows of a request when it is sent on. */
interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly subagentId: string | null;
  readonly lane: Lane;
  readonly model: string | null;
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** What must be in no file, wherever it stands in a body. */
  readonly secrets: readonly string[];
}

/** One exchange that is being recorded. */
export interface Recording {
  head(status: number, rawHeaders: readonly string[]): void;
  chunk(bytes: Buffer): void;
  /** Writes it down, if there was an answer. */
  end(isWhole: boolean): void;
}

export interface Recorder {
  begin(request: RecordedRequest): Recording;
}

/** Answers that are larger are kept as far as this, and replayed as cut. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;
const NAME_DIGITS = 6;

/** Records into a folder, one file for an exchange, numbered on from those that are there. */
export function openRecorder(folder: string, clock: Clock): Recorder {
  mkdirSync(folder, { recursive: true, mode: OWNER_FOLDER });
  let count = readdirSync(folder).length;
  return {
    begin: (request) => {
      count += 1;
      const name = `${String(count).padStart(NAME_DIGITS, "0")}.json`;
      return beginRecording({ file: path.join(folder, name), request, clock });
    },
  };
}

function beginRecording({
  file,
  request,
  clock,
}: {
  readonly file: string;
  readonly request: RecordedRequest;
  readonly clock: Clock;
}): Recording {
  const startedMs = clock.monotonicMs();
  const pieces: { readonly at_ms: number; readonly bytes: Buffer }[] = [];
  let answer: Pick<RecordedExchange, "status" | "response_headers"> | null = null;
  let bytes = 0;
  return {
    head: (status, rawHeaders) => {
      answer = { status, response_headers: redactHeaders(rawHeaders) };
    },
    chunk: (piece) => {
      bytes += piece.length;
      if (bytes > ANSWER_BYTES_MAX) return;
      pieces.push({ at_ms: clock.monotonicMs() - startedMs, bytes: Buffer.from(piece) });
    },
    end: (isWhole) => {
      if (answer === null) return;
      const chunks = redactBytes(
        pieces.map((piece) => piece.bytes),
        request.secrets,
      );
      const [body = request.body] = redactBytes([request.body], request.secrets);
      const recorded: RecordedExchange = {
        method: request.method,
        path: request.path,
        is_subagent: request.subagentId !== null,
        subagent_id: request.subagentId,
        lane: request.lane,
        model: request.model,
        request_headers: redactHeaders(request.headers),
        request_body: body.toString("base64"),
        ...answer,
        chunks: pieces.map(({ at_ms }, index) => ({
          at_ms,
          bytes: (chunks[index] ?? Buffer.alloc(0)).toString("base64"),
        })),
        is_whole: isWhole && bytes <= ANSWER_BYTES_MAX,
      };
      writeFileSync(file, JSON.stringify(recorded), { mode: OWNER_ONLY });
    },
  };
}
