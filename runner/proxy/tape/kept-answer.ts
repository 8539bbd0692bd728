import type { Clock } from "../../../ledger/domain/clock.ts";
import type { AnswerCopy } from "../metering/answer-copy.ts";
import { decodeCopy } from "../metering/decode-copy.ts";
import type { TimedBytes } from "./move-paths.ts";
import { encodingOf } from "./readable-body.ts";

/** An answer that has ended, decoded: only what can be read can be searched for keys. */
interface EndedAnswer {
  readonly status: number;
  readonly rawHeaders: readonly string[];
  readonly pieces: readonly TimedBytes[];
  readonly isWhole: boolean;
}

/** Answers that are larger, as they came or decoded, are kept as far as this, and replayed as cut. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

/** Takes a copy of an answer as it passes, and decodes it. What can't be decoded is not kept. */
export class KeptAnswer {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #pieces: TimedBytes[] = [];
  #head: Pick<EndedAnswer, "status" | "rawHeaders"> | null = null;
  #copy: AnswerCopy | null = null;
  #arrivedBytes = 0;
  #keptBytes = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  head(status: number, rawHeaders: readonly string[]): void {
    this.#head = { status, rawHeaders };
    this.#copy = decodeCopy(
      { write: (bytes) => this.#keep(bytes), end: () => undefined },
      { contentEncoding: encodingOf(rawHeaders), onDrain: () => undefined },
    );
  }

  chunk(bytes: Buffer): void {
    this.#arrivedBytes += bytes.length;
    if (this.#arrivedBytes <= ANSWER_BYTES_MAX) this.#copy?.write(bytes);
  }

  /** null: there was no answer. */
  async end(isWhole: boolean): Promise<EndedAnswer | null> {
    if (this.#head === null) return null;
    await new Promise<void>((resolve) => {
      if (this.#copy === null) resolve();
      else this.#copy.end(resolve);
    });
    const isRead = this.#arrivedBytes === 0 || this.#keptBytes > 0;
    const hasAll = Math.max(this.#arrivedBytes, this.#keptBytes) <= ANSWER_BYTES_MAX;
    return { ...this.#head, pieces: this.#pieces, isWhole: isWhole && isRead && hasAll };
  }

  #keep(bytes: Buffer): void {
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > ANSWER_BYTES_MAX) return;
    const at_ms = this.#clock.monotonicMs() - this.#startedMs;
    this.#pieces.push({ at_ms, bytes: Buffer.from(bytes) });
  }
}
