import { mkdirSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";

import type { Clock } from "../../../../ledger/domain/clock.ts";
import { FailedError, reasonOf } from "../../../../ledger/domain/errors.ts";
import { headerPairs } from "../../../platform/http/header-pairs.ts";
import {
  redactBytes,
  redactEvents,
  redactHeaders,
  redactPath,
  redactText,
} from "../../../platform/redaction/redact.ts";
import { type ByteCopy, decodeBody, decodeCopy } from "../metering/decode-bytes.ts";
import type { TimedBytes } from "./move-paths.ts";
import type { RecordedExchange } from "./recorded-exchange.ts";

/** A request that the proxy is about to send on. */
interface RecordedRequest extends Pick<
  RecordedExchange,
  "method" | "path" | "subagent_id" | "lane" | "model"
> {
  readonly headers: readonly string[];
  readonly body: Buffer;
  /** Texts that no file may contain. */
  readonly secrets: readonly string[];
}

export interface Recorder {
  begin(request: RecordedRequest): ExchangeRecorder;
  /**
   * Waits until every exchange that has ended is on the disk.
   * @throws RecordingError if an exchange could not be written.
   */
  settled(): Promise<void>;
}

/** A recording has holes, because its folder could not be written to. */
class RecordingError extends FailedError {}

const OWNER_ONLY = 0o600;
const OWNER_FOLDER = 0o700;
const NAME_DIGITS = 6;

/** Records into a folder, one file for each exchange. The numbers follow those that are there. */
export function openRecorder(folder: string, clock: Clock): Recorder {
  mkdirSync(folder, { recursive: true, mode: OWNER_FOLDER });
  let count = Math.max(0, ...readdirSync(folder).map((name) => Number.parseInt(name, 10) || 0));
  const open = new Set<Promise<void>>();
  const faults: string[] = [];
  return {
    begin: (request) => {
      count += 1;
      const file = path.join(folder, `${String(count).padStart(NAME_DIGITS, "0")}.json`);
      return new ExchangeRecorder(request, clock, (recorded) => {
        const writing = write(file, recorded)
          .catch((fault: unknown) => {
            faults.push(reasonOf(fault));
          })
          .finally(() => open.delete(writing));
        open.add(writing);
      });
    },
    settled: async () => {
      await Promise.all(open);
      const [reason] = faults.splice(0);
      if (reason === undefined) return;
      throw new RecordingError(
        `${folder}: expected a folder that can be written, got: ${reason}. The recording has holes: record again.`,
      );
    },
  };
}

async function write(file: string, recording: Promise<RecordedExchange | null>): Promise<void> {
  const recorded = await recording;
  if (recorded !== null) await writeFile(file, JSON.stringify(recorded), { mode: OWNER_ONLY });
}

/** Larger answers, as they came or decoded, are kept up to this size, and a replay cuts them there. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;
const BODY_BYTES_MAX = 64 * 1024 * 1024;
const ENCODING = "content-encoding";
const OPENING_BRACE = 0x7b;

/**
 * Copies and decodes one answer as it passes. Only decoded bytes can be searched for keys, so bytes
 * of an unknown encoding are not kept.
 */
export class ExchangeRecorder {
  readonly #request: RecordedRequest;
  readonly #clock: Clock;
  readonly #onEnd: (recorded: Promise<RecordedExchange | null>) => void;
  readonly #startedMs: number;
  readonly #pieces: TimedBytes[] = [];
  #head: { readonly status: number; readonly rawHeaders: readonly string[] } | null = null;
  #copy: ByteCopy | null = null;
  #arrivedBytes = 0;
  #keptBytes = 0;

  constructor(
    request: RecordedRequest,
    clock: Clock,
    onEnd: (recorded: Promise<RecordedExchange | null>) => void,
  ) {
    this.#request = request;
    this.#clock = clock;
    this.#onEnd = onEnd;
    this.#startedMs = clock.monotonicMs();
  }

  head(status: number, rawHeaders: readonly string[]): void {
    this.#head = { status, rawHeaders };
    this.#copy = decodeCopy(
      { write: (bytes) => this.#keep(bytes), lose: () => undefined, end: () => undefined },
      { contentEncoding: encodingOf(rawHeaders), onDrain: () => undefined },
    );
  }

  chunk(bytes: Buffer): void {
    this.#arrivedBytes += bytes.length;
    if (this.#arrivedBytes <= ANSWER_BYTES_MAX) this.#copy?.write(bytes);
  }

  /** Writes the exchange, if there was an answer. */
  end(isWhole: boolean): void {
    this.#onEnd(this.#finish(isWhole));
  }

  async #finish(isWhole: boolean): Promise<RecordedExchange | null> {
    const { headers, body, secrets, ...request } = this.#request;
    if (this.#head === null) return null;
    const { status, rawHeaders } = this.#head;
    const copy = this.#copy;
    if (copy !== null) await new Promise<void>((resolve) => copy.end(resolve));
    const readable = await readableBody(body, headers);
    const pieces = redactEvents(
      this.#pieces.map(({ bytes }) => bytes),
      secrets,
    );
    const isRead = this.#arrivedBytes === 0 || this.#keptBytes > 0;
    const hasAll = Math.max(this.#arrivedBytes, this.#keptBytes) <= ANSWER_BYTES_MAX;
    const clean = (text: string): string => redactText(text, secrets);
    return {
      ...request,
      path: clean(redactPath(request.path)),
      model: request.model === null ? null : clean(request.model),
      subagent_id: request.subagent_id === null ? null : clean(request.subagent_id),
      is_subagent: request.subagent_id !== null,
      request_headers: redactHeaders(withoutEncoding(headers)).map(clean),
      request_body: inBase64(redactBytes([readable], secrets)[0]),
      status,
      response_headers: redactHeaders(withoutEncoding(rawHeaders)).map(clean),
      chunks: this.#pieces.map(({ at_ms }, index) => ({ at_ms, bytes: inBase64(pieces[index]) })),
      is_whole: isWhole && isRead && hasAll,
    };
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > ANSWER_BYTES_MAX) return;
    const at_ms = this.#clock.monotonicMs() - this.#startedMs;
    this.#pieces.push({ at_ms, bytes: Buffer.from(bytes) });
  }
}

/** A request's body without its encoding; empty if it can't be read and so can't be searched for keys. */
async function readableBody(body: Buffer, rawHeaders: readonly string[]): Promise<Buffer> {
  const encoding = encodingOf(rawHeaders);
  const decoded = await decodeBody(body, encoding, BODY_BYTES_MAX);
  // A body that the proxy has rewritten is plain, whatever its headers say.
  const isPlain = encoding === "" || encoding === "identity" || body.at(0) === OPENING_BRACE;
  return decoded === body && !isPlain ? Buffer.alloc(0) : decoded;
}

/** In lower case; empty if the headers name none. */
function encodingOf(rawHeaders: readonly string[]): string {
  const found = [...headerPairs(rawHeaders)].filter(([name]) => name.toLowerCase() === ENCODING);
  return found.map(([, value]) => value.trim().toLowerCase()).join(", ");
}

function withoutEncoding(rawHeaders: readonly string[]): string[] {
  return [...headerPairs(rawHeaders)].filter(([name]) => name.toLowerCase() !== ENCODING).flat();
}

function inBase64(bytes: Buffer | undefined): string {
  return bytes?.toString("base64") ?? "";
}
