import { existsSync, statSync } from "node:fs";
import path from "node:path";

import type { UsageSource } from "../../../ledger/sources/usage-source.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { filesOf, openFile, wholeLines } from "./ingest-files.ts";

/** Files that are read again whenever they have changed. */
export class WatchedFiles {
  readonly #named: readonly string[];
  readonly #source: UsageSource;
  readonly #environment: Environment;
  readonly #stamps: Map<string, string>;
  readonly #gone = new Set<string>();
  readonly #cut = new Set<string>();

  constructor(named: readonly string[], source: UsageSource, environment: Environment) {
    this.#named = named;
    this.#source = source;
    this.#environment = environment;
    const files = named.flatMap((file) => filesOf(file, source, environment));
    this.#stamps = new Map(files.map((file) => [file, stampOf(file)]));
  }

  get count(): number {
    return this.#stamps.size;
  }

  /** The files that were read up to the line that they ended within. */
  get cut(): readonly string[] {
    return [...this.#cut].filter((file) => existsSync(file));
  }

  /** The files that are new, or have changed since they were asked for last. */
  *changed(tell: (text: string) => void): Generator<string> {
    for (const named of this.#named) {
      const isGone = !existsSync(path.resolve(this.#environment.cwd, named));
      if (isGone && !this.#gone.has(named)) {
        tell(`${named} is gone. It is read again when it comes back.`);
      }
      if (isGone) this.#gone.add(named);
      else this.#gone.delete(named);
      if (!isGone) yield* this.#changedIn(named);
    }
  }

  *#changedIn(named: string): Generator<string> {
    for (const file of filesOf(named, this.#source, this.#environment)) {
      const stamp = stampOf(file);
      if (this.#stamps.get(file) === stamp) continue;
      this.#stamps.set(file, stamp);
      yield file;
    }
  }

  /** A log's last line may be half written. It is read when it is whole. */
  open(file: string): AsyncGenerator<Uint8Array> {
    this.#cut.delete(file);
    if (!this.#source.names.every((name) => name.endsWith(".jsonl"))) return openFile(file);
    return wholeLines(openFile(file), () => this.#cut.add(file));
  }
}

/** The same as long as a file has not changed. A database has its news in a second file at first. */
export function stampOf(file: string): string {
  const stats = [file, `${file}-wal`].map((name) => statSync(name, { throwIfNoEntry: false }));
  return stats.map((stat) => `${String(stat?.size)} ${String(stat?.mtimeMs)}`).join(" ");
}
