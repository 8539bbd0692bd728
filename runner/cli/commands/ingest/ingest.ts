import type { Environment } from "../../../platform/environment/environment.ts";
import { keepHeapSmall } from "../../../platform/environment/lean-memory.ts";
import { CountedOnce } from "../../../tracker/ingest/counted-once.ts";
import { type IngestResult, UsageIngest } from "../../../tracker/ingest/ingest-usage.ts";
import { possibleTwins, usageElsewhere } from "../../../tracker/ingest/misplaced-usage.ts";
import { Placing } from "../../../tracker/ingest/placing.ts";
import { readFiles, readStdin } from "../../../tracker/ingest/read-inputs.ts";
import { USAGE_SOURCES } from "../../../tracker/ingest/sources.ts";
import { WatchedFiles } from "../../../tracker/ingest/watched-files.ts";
import { idOf } from "../../../tracker/windows/manual-window.ts";
import { outdatedCompletions } from "../../../tracker/windows/outdated-completions.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import type { Tracker } from "../../../tracker/windows/tracker.ts";
import { checkWindowOptions, readWindow } from "../../../tracker/windows/window-options.ts";
import { withTracker } from "../../../tracker/windows/with-tracker.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { doneIf, doneWith, type Result } from "../../result.ts";
import type { ingest as definition } from "./definition.ts";
import { listen, readListen } from "./listen.ts";
import { ingestedJson, sayElsewhere, sayIngested, sayTwin } from "./show.ts";
import { watchLogs } from "./watch-logs.ts";

type IngestOptions = OptionsOf<typeof definition>;

/** An ingest keeps little: its heap may triple between two full collections. */
const GROWTH_PERCENT = 200;

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
      return doneIf(refused === 0, result);
    }
    if (options.stdin === true) {
      await readStdin({ ingested, source, provider }, environment);
      return resultOf(ingested.result, options, { tracker, environment });
    }
    const watched =
      options.watch === true
        ? {
            once: new CountedOnce(ingested),
            files: new WatchedFiles(options.files, source, environment),
          }
        : undefined;
    await readFiles(options.files, { ingested, source, provider, watched }, environment);
    if (watched !== undefined) await watchLogs(watched, () => place.refresh(), environment);
    const { result } = watched?.once ?? ingested;
    return resultOf(result, options, { tracker, environment });
  });
};

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
  return doneIf(result.problems.size === 0, doneWith(options, ingestedJson(result), say));
}

/** Completed windows that got more. */
function outdatedBy({ groups }: IngestResult, { store, ledger }: Tracker) {
  const keys = groups.flatMap(({ place }) => (place.key === null ? [] : [idOf(place.key)]));
  return outdatedCompletions(store, ledger.view, (key) => keys.includes(idOf(key)));
}
