import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import type { ReadContext, UsageSource } from "../../../../ledger/sources/usage-source.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { keepHeapSmall } from "../../../platform/environment/lean-memory.ts";
import { CountedOnce } from "../../../tracker/ingest/counted-once.ts";
import {
  Beginning,
  bytesOf,
  filesOf,
  openFile,
  orNothing,
} from "../../../tracker/ingest/ingest-files.ts";
import { type IngestResult, UsageIngest } from "../../../tracker/ingest/ingest-usage.ts";
import { possibleTwins, usageElsewhere } from "../../../tracker/ingest/misplaced-usage.ts";
import { Placing } from "../../../tracker/ingest/placing.ts";
import { isSilent, NO_JSON, otherFormat } from "../../../tracker/ingest/recognise-format.ts";
import { USAGE_SOURCES } from "../../../tracker/ingest/sources.ts";
import { WatchedFiles } from "../../../tracker/ingest/watched-files.ts";
import { idOf } from "../../../tracker/windows/manual-window.ts";
import { outdatedCompletions } from "../../../tracker/windows/outdated-completions.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import type { Tracker } from "../../../tracker/windows/tracker.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { checkWindowOptions, readWindow } from "../../manual/window-options.ts";
import { withTracker } from "../../manual/with-tracker.ts";
import { jsonOr, type Result } from "../../result.ts";
import type { ingest as definition } from "./definition.ts";
import { listen, readListen } from "./listen.ts";
import { ingestedJson, sayElsewhere, sayIngested, sayTwin } from "./show.ts";
import { readAt, watchLogs } from "./watch-logs.ts";

type IngestOptions = OptionsOf<typeof definition>;

/** An ingest keeps little: its heap may triple between two full collections. */
const GROWTH_PERCENT = 200;
const PROGRESS_MS = 1000;

/** Reads what other programs counted, and gives it to manual windows. */
export const ingest: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  checkInputs(options);
  const source = USAGE_SOURCES[options.source];
  return await withTracker(options, environment, async (tracker) => {
    keepHeapSmall(GROWTH_PERCENT);
    const windowOf = (named: string) => readWindow(options, tracker, named);
    const byTime = options.byTime === true;
    const place = new Placing({ source, provider: options.provider, byTime, windowOf }, tracker);
    const provider = options.provider ?? source.provider;
    const parts = { tracker, source, provider, place: place.of };
    const ingested = new UsageIngest(parts);
    if (options.listen !== undefined) {
      const port = readListen(options.listen);
      const refused = await listen(port, { ingested, place }, environment);
      const result = resultOf(ingested.result, options, { tracker, environment });
      return refused === 0 ? result : { ...result, exitCode: EXIT.failed };
    }
    const reading = { ingested, source, place, provider };
    if (options.stdin === true) {
      await readStdin(reading, environment);
      return resultOf(ingested.result, options, { tracker, environment });
    }
    const result = await readFiles(options, reading, environment);
    return resultOf(result, options, { tracker, environment });
  });
};

interface Reading {
  readonly ingested: UsageIngest;
  readonly source: UsageSource;
  readonly place: Placing;
  readonly provider: string;
}

async function readStdin(
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

async function readFiles(
  options: IngestOptions,
  { ingested, source, place, provider }: Reading,
  environment: Environment,
): Promise<IngestResult> {
  const files = options.files.flatMap((file) => filesOf(file, source, environment));
  if (files.length === 0 && options.watch !== true) {
    throw new TrackerUsageError(
      `${options.files.join(", ")}: expected files like ${source.names.join(" or ")} in it, got none. Name another folder, or a file.`,
    );
  }
  const progress = new Progress(environment);
  const watched =
    options.watch === true ? new WatchedFiles(options.files, source, environment) : undefined;
  const once = new CountedOnce(ingested);
  for (const [index, file] of files.entries()) {
    progress.say(index, files.length);
    const chunks = watched?.open(file) ?? openFile(file);
    const input = { name: file, chunks };
    await (watched === undefined ? ingested : once).read(input, readAt(environment));
  }
  await ingested.finish();
  if (isSilent(ingested.result)) {
    await refuseOtherFormat(source, files, { provider, readAt: readAt(environment) });
  }
  if (watched === undefined) return ingested.result;
  await watchLogs({ once, files: watched, refresh: () => place.refresh() }, environment);
  return once.result;
}

function checkInputs(options: IngestOptions): void {
  const { source, files, stdin, watch: watches, listen: address, byTime, window } = options;
  if (address !== undefined && (source !== "otlp" || files.length > 0)) {
    throw new TrackerUsageError(
      "--listen: expected the source otlp and no files. Write e.g. experiment ingest otlp --listen 127.0.0.1:4318",
    );
  }
  if (files.length === 0 && stdin !== true && address === undefined) {
    throw new TrackerUsageError(
      "expected files or folders to read, or --stdin, got neither. Write e.g. experiment ingest claude-session ~/.claude/projects",
    );
  }
  if (stdin === true && (files.length > 0 || watches === true)) {
    throw new TrackerUsageError("--stdin: expected it without files and --watch. Leave one out.");
  }
  if (byTime === true && window !== undefined) {
    throw new TrackerUsageError("--by-time: expected it without --window. Leave one out.");
  }
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

interface ResultPlace {
  readonly tracker: Tracker;
  readonly environment: Environment;
}

function resultOf(
  result: IngestResult,
  options: IngestOptions,
  { tracker, environment }: ResultPlace,
): Result {
  const say = () =>
    sayIngested(result, {
      source: options.source,
      isReceived: options.listen !== undefined,
      columns: columnsOf(environment),
      outdated: outdatedBy(result, tracker),
      misplaced: [
        ...usageElsewhere(result, tracker).map(sayElsewhere),
        ...(options.provider === undefined ? possibleTwins(result, tracker).map(sayTwin) : []),
      ],
    });
  return {
    exitCode: result.problems.size === 0 ? EXIT.done : EXIT.failed,
    output: jsonOr(options, ingestedJson(result), say),
  };
}

/** Completed windows that got more. */
function outdatedBy({ groups }: IngestResult, { store, ledger }: Tracker) {
  const keys = groups.flatMap(({ place }) => (place.key === null ? [] : [idOf(place.key)]));
  return outdatedCompletions(store, ledger.view, (key) => keys.includes(idOf(key)));
}
