import type { Breakable } from "./exchange.ts";

/** Something that waits for its body or its turn, and may be told to wait no longer. */
export class Waiting<Subject> implements Breakable {
  readonly #subject: Subject;
  readonly #end: (subject: Subject) => void;
  #brokenOff: AbortController | null = null;

  /** `end` is what becomes of the subject where its wait is broken off. */
  constructor(subject: Subject, end: (subject: Subject) => void) {
    this.#subject = subject;
    this.#end = end;
  }

  /** Made for whoever asks: few requests wait for more than their body. */
  get signal(): AbortSignal {
    this.#brokenOff ??= new AbortController();
    return this.#brokenOff.signal;
  }

  breakOff(): void {
    this.#brokenOff?.abort();
    this.#end(this.#subject);
  }
}
