import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import type { ReadContext, UsageSource } from "../../../ledger/sources/usage-source.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";
import type { CountedOnce } from "./counted-once.ts";
import { Beginning, bytesOf, filesOf, openFile, orNothing } from "./ingest-files.ts";
import type { UsageIngest } from "./ingest-usage.ts";
import { isSilent, NO_JSON, otherFormat } from "./recognise-format.ts";
import type { WatchedFiles } from "./watched-files.ts";

const PROGRESS_MS = 1000;

interface Reading {
  readonly ingested: UsageIngest;
  readonly source: UsageSource;
  readonly provider: string;
}

/** @throws TrackerUsageError if nothing comes, or something that is not of the source. */
export async function readStdin(
  { ingested, source, provider }: Reading,
  environment: Environment,
): Promise<void> {
  const beginning = new Beginning();
  const chunks = orNothing(bytesOf(environment.stdin), () => {
    throw new TrackerUsageError(
      `stdin: expected a log or a report of ${source.name}, got nothing. See whether the program before the pipe failed.`,
    );
  });
  const at = readAt(environment);
  await ingested.read({ name: "stdin", chunks: beginning.of(chunks) }, at);
  await ingested.finish();
  if (!isSilent(ingested.result)) return;
  const found = await otherFormat(source, beginning.bytes, { provider, readAt: at, file: "stdin" });
  if (found === undefined) return;
  const expected = `stdin: expected a log or a report of ${source.name}`;
  throw new TrackerUsageError(
    found === NO_JSON
      ? `${expected}, got no JSON. See what the program before the pipe prints.`
      : `${expected}, got one of ${found}. Write experiment ingest ${found} --stdin`,
  );
}

/**
 * Reads files, or the logs in folders, from their beginning.
 * @param watched - If they are read again when they grow: what they said before is then counted once.
 * @throws TrackerUsageError if there is none, or one of another format.
 */
export async function readFiles(
  named: readonly string[],
  { ingested, source, provider, watched }: Reading & { readonly watched: Watched | undefined },
  environment: Environment,
): Promise<void> {
  const files = named.flatMap((file) => filesOf(file, source, environment));
  if (files.length === 0 && watched === undefined) {
    throw new TrackerUsageError(
      `${named.join(", ")}: expected files like ${source.names.join(" or ")} in it, got none. Name another folder, or a file.`,
    );
  }
  const progress = new Progress(environment);
  for (const [index, file] of files.entries()) {
    progress.say(index, files.length);
    const input = { name: file, chunks: watched?.files.open(file) ?? openFile(file) };
    await (watched?.once ?? ingested).read(input, readAt(environment));
  }
  await ingested.finish();
  if (isSilent(ingested.result)) {
    await refuseOtherFormat(source, files, { provider, readAt: readAt(environment) });
  }
}

/** Files that are read again whenever they grow. */
export interface Watched {
  readonly once: CountedOnce;
  readonly files: WatchedFiles;
}

/** Files that say nothing in this format may have another one, or be no log at all. */
async function refuseOtherFormat(
  source: UsageSource,
  files: readonly string[],
  context: Omit<ReadContext, "file">,
): Promise<void> {
  for (const file of files) {
    for await (const beginning of openFile(file)) {
      const found = await otherFormat(source, beginning, { ...context, file });
      if (found === undefined) break;
      const expected = `${file}: expected a file of ${source.name}`;
      throw new TrackerUsageError(
        found === NO_JSON
          ? `${expected}, got one that is not JSON. Name another file.`
          : `${expected}, got one of ${found}. Write experiment ingest ${found} ${file}`,
      );
    }
  }
}

/** Says every second how far a long reading is. */
class Progress {
  readonly #environment: Environment;
  #saidMs: number;

  constructor(environment: Environment) {
    this.#environment = environment;
    this.#saidMs = environment.clock.monotonicMs();
  }

  say(index: number, files: number): void {
    const nowMs = this.#environment.clock.monotonicMs();
    if (nowMs - this.#saidMs < PROGRESS_MS) return;
    this.#saidMs = nowMs;
    this.#environment.stderr.write(`Reading file ${String(index + 1)} of ${String(files)} …\n`);
  }
}

export function readAt({ clock }: Pick<Environment, "clock">): string {
  return timestampOf(clock.nowMs());
}
