import { statSync } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import type { ReadContext, UsageSource } from "../../../ledger/sources/usage-source.ts";
import { countNoun, formatCount } from "../../../reports/text/number-text.ts";
import { plainTable } from "../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../reports/text/plain-text.ts";
import type { Environment } from "../../environment.ts";
import { keepHeapSmall } from "../../lean-memory.ts";
import type { OtlpTaker } from "../../otlp/answer-export.ts";
import {
  type IngestedGroup,
  type IngestOutcome,
  UsageIngest,
} from "../../tracker/ingest/ingest-usage.ts";
import {
  type EventPlace,
  placeByTime,
  type PlaceEvent,
  placeInWindow,
} from "../../tracker/ingest/place-events.ts";
import { recogniseFormat } from "../../tracker/ingest/recognise-format.ts";
import { USAGE_SOURCES } from "../../tracker/ingest/sources.ts";
import { nameOf } from "../../tracker/manual-window.ts";
import { TrackerUsageError } from "../../tracker/tracker-errors.ts";
import type { Tracker } from "../../tracker/tracker.ts";
import { columnsOf } from "../columns.ts";
import type { CodeOf, OptionsOf } from "../definitions/definition.ts";
import type { ingest as definition } from "../definitions/manual-commands.ts";
import { bytesOf, filesOf, openFile } from "../ingest-files.ts";
import { jsonOr, type Result } from "../result.ts";
import { checkWindowOptions, readTimeZone, readWindow } from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

type IngestOptions = OptionsOf<typeof definition>;

/** An ingest keeps little: its heap may triple between two full collections. */
const GROWTH_PERCENT = 200;
const PROGRESS_MS = 1000;
const WATCH_MS = 1000;

/** Reads what other programs counted, and gives it to manual windows. */
export const ingest: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  checkInputs(options);
  const source = USAGE_SOURCES[options.source];
  return await withTracker(options, environment, async (tracker) => {
    keepHeapSmall(GROWTH_PERCENT);
    const place = new Placing(options, tracker, source);
    const provider = options.provider ?? source.provider;
    const timeZone = readTimeZone(options, environment);
    const parts = { tracker, source, provider, place: place.of, timeZone };
    const ingested = new UsageIngest(parts);
    if (options.listen !== undefined) {
      const port = readListen(options.listen);
      const refused = await listen(port, { ingested, place }, environment);
      const result = resultOf(ingested.outcome, options, columnsOf(environment));
      return refused === 0 ? result : { ...result, exitCode: EXIT.failed };
    }
    if (options.stdin === true) {
      await ingested.read(
        { name: "stdin", chunks: bytesOf(environment.stdin) },
        readAt(environment),
      );
    }
    const named = () => options.files.flatMap((file) => filesOf(file, source, environment));
    const progress = new Progress(environment);
    const files = named();
    if (files.length === 0 && options.stdin !== true && options.watch !== true) {
      throw new TrackerUsageError(
        `${options.files.join(", ")}: expected files like ${source.pattern} in it, got none. Name another folder, or a file.`,
      );
    }
    for (const [index, file] of files.entries()) {
      progress.say(index, files.length);
      await ingested.read({ name: file, chunks: openFile(file) }, readAt(environment));
    }
    await ingested.finish();
    const context = { readAt: readAt(environment), provider, timeZone };
    if (isSilent(ingested.outcome)) await refuseOtherFormat(source, files, context);
    if (options.watch === true) await watch({ ingested, named, seen: files }, environment);
    return resultOf(ingested.outcome, options, columnsOf(environment));
  });
};

function readAt({ clock }: Environment): string {
  return timestampOf(clock.nowMs());
}

function checkInputs(options: IngestOptions): void {
  const { source, files, stdin, watch: watches, listen: address, byTime, window } = options;
  if (address !== undefined && (source !== "otlp" || files.length > 0)) {
    throw new TrackerUsageError(
      "--listen: expected the source otlp and no files beside it. Write e.g. experiment ingest otlp --listen 127.0.0.1:4318",
    );
  }
  if (files.length === 0 && stdin !== true && address === undefined) {
    throw new TrackerUsageError(
      "expected files or folders to read, or --stdin, got neither. Write e.g. experiment ingest claude-session ~/.claude/projects",
    );
  }
  if (stdin === true && (files.length > 0 || watches === true)) {
    throw new TrackerUsageError(
      "--stdin: expected no files and no --watch beside it. Leave one out.",
    );
  }
  if (byTime === true && window !== undefined) {
    throw new TrackerUsageError("--by-time: expected no --window beside it. Leave one out.");
  }
}

/** Gives events to windows, by the provider that the user names or else the source. */
class Placing {
  readonly #options: IngestOptions;
  readonly #tracker: Tracker;
  readonly #source: UsageSource;
  readonly #places = new Map<string, PlaceEvent>();

  constructor(options: IngestOptions, tracker: Tracker, source: UsageSource) {
    this.#options = options;
    this.#tracker = tracker;
    this.#source = source;
    // Faults of the options are said before anything is read.
    this.#placeFor(options.provider ?? source.provider);
  }

  readonly of: PlaceEvent = (at, named = this.#source.provider) =>
    this.#placeFor(this.#options.provider ?? named)(at);

  /** Looks for windows that were opened or closed since. */
  refresh(): void {
    this.#tracker.ledger.refresh();
    this.#places.clear();
  }

  #placeFor(provider: string): PlaceEvent {
    const known = this.#places.get(provider);
    if (known !== undefined) return known;
    const { agent, ledger } = this.#tracker;
    const place =
      this.#options.byTime === true
        ? placeByTime(ledger.view, { agent, provider })
        : placeInWindow(readWindow(this.#options, this.#tracker, provider));
    this.#places.set(provider, place);
    return place;
  }
}

const ADDRESS = /^(?:127\.0\.0\.1|localhost):(?<port>\d{1,5})$/u;
const PORT_MAX = 65_535;

/** Port 0 means any free one. Nobody but this machine may send counts. */
function readListen(address: string): number {
  const port = Number(ADDRESS.exec(address)?.groups?.["port"] ?? Number.NaN);
  if (port <= PORT_MAX) return port;
  throw new TrackerUsageError(
    `--listen: expected a port of this machine, got ${JSON.stringify(address)}. Write e.g. 127.0.0.1:4318.`,
  );
}

interface Receiving {
  readonly ingested: UsageIngest;
  readonly place: Placing;
}

/**
 * Takes what agents send until Ctrl-C. An export is in the ledger before its sender is answered. Resolves to how many
 * requests could not be read.
 */
async function listen(
  port: number,
  { ingested, place }: Receiving,
  environment: Environment,
): Promise<number> {
  const { onInterrupt, stderr } = environment;
  let refusals = 0;
  const { receiveOtlp } = await import("../../otlp/receive-otlp.ts");
  const over = Promise.withResolvers<void>();
  const stopListening = onInterrupt(over.resolve);
  const taker: OtlpTaker = {
    take: async (line) => {
      place.refresh();
      const chunks = Readable.from([Buffer.from(`${line}\n`)]);
      await ingested.read({ name: "otlp", chunks }, readAt(environment));
      await ingested.finish();
    },
    refused: (target, { reason, text }) => {
      const said = `Refused ${toPlainLine(target)}: ${reason}: ${toPlainLine(text)}.`;
      stderr.write(`${said}\n`);
      refusals += 1;
    },
  };
  try {
    const receiver = await receiveOtlp(taker, port);
    stderr.write(`Receiving OpenTelemetry at ${receiver.origin} until Ctrl-C.\n`);
    await over.promise;
    await receiver.stop();
  } finally {
    stopListening();
  }
  return refusals;
}

function isSilent({ events, problems }: IngestOutcome): boolean {
  return events === 0 && problems.size === 0;
}

/** Files that say nothing in this format may have another one. */
async function refuseOtherFormat(
  source: UsageSource,
  files: readonly string[],
  context: Omit<ReadContext, "file">,
): Promise<void> {
  for (const file of files) {
    for await (const beginning of openFile(file)) {
      const found = await recogniseFormat(beginning, { ...context, file });
      if (found === undefined || found === source.name) break;
      throw new TrackerUsageError(
        `${file}: expected a file of ${source.name}, got one of ${found}. Write experiment ingest ${found} ${file}`,
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

interface Watched {
  readonly ingested: UsageIngest;
  readonly named: () => readonly string[];
  readonly seen: readonly string[];
}

/** Reads files again when they have grown, and new ones, until Ctrl-C. Nothing that was written is lost. */
async function watch({ ingested, named, seen }: Watched, environment: Environment): Promise<void> {
  const { onInterrupt, stderr } = environment;
  const over = new AbortController();
  const stopListening = onInterrupt(() => over.abort());
  const sizes = new Map(seen.map((file) => [file, stampOf(file)]));
  stderr.write(`Watching ${countNoun(seen.length, "file")} until Ctrl-C.\n`);
  try {
    while (!over.signal.aborted) {
      await sleep(WATCH_MS, undefined, { signal: over.signal }).catch(() => undefined);
      for (const file of named()) {
        const stamp = stampOf(file);
        if (over.signal.aborted || sizes.get(file) === stamp) continue;
        sizes.set(file, stamp);
        await ingested.read({ name: file, chunks: openFile(file) }, readAt(environment));
      }
      await ingested.finish();
    }
  } finally {
    stopListening();
  }
}

function stampOf(file: string): string {
  const stat = statSync(file, { throwIfNoEntry: false });
  return `${String(stat?.size)} ${String(stat?.mtimeMs)}`;
}

function resultOf(outcome: IngestOutcome, options: IngestOptions, columns?: number): Result {
  const { problems } = outcome;
  return {
    exitCode: problems.size === 0 ? EXIT.done : EXIT.failed,
    output: jsonOr(options, toJson(outcome), () => say(outcome, options, columns)),
  };
}

function say(outcome: IngestOutcome, options: IngestOptions, columns?: number): string {
  const { files, events, written, groups, problems } = outcome;
  const read = countNoun(files, options.listen === undefined ? "file" : "export");
  const head = `${options.source}: ${read} read, ${countNoun(events, "event")}`;
  const there = events - written;
  const known = there === 0 ? "" : `, ${String(there)} there already`;
  const ends =
    outcome.rows.length === 0
      ? ". Nothing new: nothing was written."
      : ". Kept as the baseline of later reports: nothing counts yet.";
  return [
    `${head}${written === 0 ? ends : `, ${String(written)} new${known}.`}`,
    ...(groups.length === 0 ? [] : ["", groupTable(groups, columns)]),
    ...(problems.size === 0 ? [] : ["", ...sayProblems(problems)]),
  ].join("\n");
}

function groupTable(groups: readonly IngestedGroup[], columns?: number): string {
  const head = ["WINDOW", "LANE", "MODEL", "EVENTS", "TOKENS", "CACHED", "OUTPUT"];
  const rows = groups.map(({ place, lane, model, events, usage }) => {
    return [
      sayPlace(place),
      lane,
      toPlainLine(model ?? "–"),
      formatCount(events),
      formatCount(tokensIn("uncached", usage)),
      formatCount(usage.cache_read ?? null),
      formatCount(usage.output ?? null),
    ];
  });
  return plainTable([head, ...rows], { columns });
}

function sayPlace(place: EventPlace): string {
  return place.key === null ? `none (${place.reason})` : toPlainLine(nameOf(place.key));
}

function sayProblems(problems: IngestOutcome["problems"]): readonly string[] {
  return [...problems].map(([reason, { count, first }]) => {
    const where = `${toPlainLine(first.file)}, line ${String(first.line)}`;
    return `${reason}: ${countNoun(count, "line")} not read, first in ${where}. ${toPlainLine(first.text)}`;
  });
}

function toJson({ files, events, written, rows, groups, problems }: IngestOutcome) {
  return {
    files,
    events,
    new_events: written,
    rows,
    groups: groups.map(({ place, lane, model, events: own, usage }) => ({
      window: place.key?.window ?? null,
      attempt: place.key?.attempt ?? null,
      provider: place.key?.provider ?? null,
      agent: place.key?.agent ?? null,
      reason: place.key === null ? place.reason : null,
      lane,
      model,
      events: own,
      usage,
    })),
    problems: [...problems].map(([reason, { count, first }]) => ({
      reason,
      count,
      file: first.file,
      line: first.line,
      text: first.text,
    })),
  };
}
