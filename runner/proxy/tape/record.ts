import { mkdirSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import type { Clock } from "../../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { KeptAnswer } from "./kept-answer.ts";
import type { Lane } from "./lane.ts";
import { readableBody, withoutEncoding } from "./readable-body.ts";
import type { RecordedExchange } from "./recorded-exchange.ts";
import { redactBytes } from "./redact-bytes.ts";
import { redactHeaders } from "./redact-headers.ts";
import { redactPath } from "./redact-path.ts";

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
  /** Has it written down, if there was an answer. */
  end(isWhole: boolean): void;
}

export interface Recorder {
  begin(request: RecordedRequest): Recording;
  /**
   * When everything that has ended is on the disk.
   * @throws RecordingError where something could not be written.
   */
  settled(): Promise<void>;
}

/** A recording that has holes, since its folder could not be written to. */
class RecordingError extends CounterbalanceError {
  readonly exitCode = 1;
}

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;
const NAME_DIGITS = 6;

/** Records into a folder, one file for an exchange, numbered on from those that are there. */
export function openRecorder(folder: string, clock: Clock): Recorder {
  mkdirSync(folder, { recursive: true, mode: OWNER_FOLDER });
  let count = Math.max(0, ...readdirSync(folder).map((name) => Number.parseInt(name, 10) || 0));
  const open = new Set<Promise<void>>();
  const faults: string[] = [];
  return {
    begin: (request) => {
      count += 1;
      const file = path.join(folder, `${String(count).padStart(NAME_DIGITS, "0")}.json`);
      const answer = new KeptAnswer(clock);
      return {
        head: (status, rawHeaders) => answer.head(status, rawHeaders),
        chunk: (bytes) => answer.chunk(bytes),
        end: (isWhole) => {
          const writing = write(file, request, { answer, isWhole })
            .catch((fault: unknown) => {
              faults.push(fault instanceof Error ? fault.message : String(fault));
            })
            .finally(() => open.delete(writing));
          open.add(writing);
        },
      };
    },
    settled: async () => {
      await Promise.all(open);
      const [reason] = faults.splice(0);
      if (reason === undefined) return;
      throw new RecordingError(
        `${folder}: expected a folder that can be written, got: ${reason}. The recording has holes: record anew.`,
      );
    },
  };
}

async function write(
  file: string,
  request: RecordedRequest,
  { answer, isWhole }: { readonly answer: KeptAnswer; readonly isWhole: boolean },
): Promise<void> {
  const kept = await answer.end(isWhole);
  if (kept === null) return;
  const body = await readableBody(request.body, request.headers);
  const chunks = redactBytes(
    kept.pieces.map(({ bytes }) => bytes),
    request.secrets,
  );
  const recorded: RecordedExchange = {
    method: request.method,
    path: redactPath(request.path),
    is_subagent: request.subagentId !== null,
    subagent_id: request.subagentId,
    lane: request.lane,
    model: request.model,
    request_headers: redactHeaders(withoutEncoding(request.headers)),
    request_body: inBase64(redactBytes([body], request.secrets)[0]),
    status: kept.status,
    response_headers: redactHeaders(withoutEncoding(kept.rawHeaders)),
    chunks: kept.pieces.map(({ at_ms }, index) => ({ at_ms, bytes: inBase64(chunks[index]) })),
    is_whole: kept.isWhole,
  };
  await writeFile(file, JSON.stringify(recorded), { mode: OWNER_ONLY });
}

function inBase64(bytes: Buffer | undefined): string {
  return bytes?.toString("base64") ?? "";
}
