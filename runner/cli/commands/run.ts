import { existsSync } from "node:fs";
import path from "node:path";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import type { LedgerStore } from "../../../ledger/store/store.ts";
import { latestOf } from "../../../ledger/views/experiment-fact.ts";
import type { ExperimentFold } from "../../../ledger/views/experiment-view.ts";
import { openExperimentView } from "../../../ledger/views/open-view.ts";
import { finalOf } from "../../../ledger/views/progress.ts";
import { refuseDroppedLimits } from "../../budgets/dropped-limits.ts";
import type { Provider } from "../../config/configuration.ts";
import { ConfigurationError } from "../../config/errors.ts";
import type { ConfigurationOptions } from "../../config/load-configuration.ts";
import type { Environment } from "../../environment.ts";
import { checkProviders } from "../../providers/check-providers.ts";
import type { ReplayServer } from "../../proxy/tape/replay.ts";
import {
  createDataFolder,
  makeFolder,
  type DataFolder,
  locateDataFolder,
} from "../../session/data-folder.ts";
import { type Experiment, prepareExperiment } from "../../session/prepare-experiment.ts";
import {
  defaultWorkspaceRoot,
  workspacesBelow,
  runExperiment,
} from "../../session/run-experiment.ts";
import type { SessionEnd } from "../../session/run-session.ts";
import { lockSession } from "../../session/session-lock.ts";
import { checkWorkspaceRoot } from "../../workspaces/check-workspace-root.ts";
import { openDisplay } from "../display/open-display.ts";
import { listenForInterrupts } from "../listen-for-interrupts.ts";
import { openLedger } from "../open-ledger.ts";
import {
  openRecording,
  openReplay,
  readReplayed,
  refuseOddTapes,
  type TapeOptions,
} from "../open-tape.ts";
import { readStopConditions } from "../read-stop-conditions.ts";
import { EXIT, type Result } from "../result.ts";
import { showPreview } from "../show-preview.ts";
import { withAddedTasks } from "../with-added-tasks.ts";
import { writeReport } from "../write-report.ts";
import { listCommands } from "./list-commands.ts";
import { plan } from "./plan.ts";

export interface RunOptions extends ConfigurationOptions, TapeOptions {
  readonly resume?: boolean;
  /** The id of a registered experiment that tasks are added to. */
  readonly extend?: string;
  readonly dryRun?: boolean;
  readonly listCommands?: boolean;
  readonly dataDir?: string;
  readonly workspaceRoot?: string;
  readonly json?: boolean;
  readonly stopWhen?: readonly string[];
}

/** One call of `experiment run`, with everything it reads resolved. */
interface Call {
  readonly options: RunOptions;
  readonly experiment: Experiment;
  readonly folder: DataFolder;
  readonly workspaceRoot: string;
  readonly environment: Environment;
}

/** The ledger, and what it holds of the experiment. */
interface Opened {
  readonly store: LedgerStore;
  readonly view: ExperimentFold;
}

/** The experiment was begun in this folder, and nobody said to go on with it. */
class ExperimentBegunError extends CounterbalanceError {
  readonly exitCode = EXIT.usage;

  constructor(final: number, planned: number) {
    super(
      `This experiment was begun: ${String(final)} of ${String(planned)} windows are final. ` +
        "Go on with it: add --resume.",
    );
  }
}

/** Runs the experiment, or goes on with it, and shows where it stands. */
export async function run(options: RunOptions, environment: Environment): Promise<Result> {
  if (options.listCommands === true) return await listCommands(options, environment);
  if (options.dryRun === true) return await plan(options, environment);
  return await work(options, environment);
}

async function work(options: RunOptions, environment: Environment): Promise<Result> {
  refuseOddTapes(options);
  const prepared = prepareExperiment(options, environment);
  const ready = options.replay === undefined ? prepared : withoutKeys(prepared);
  const stopWhen = readStopConditions(options.stopWhen ?? [], ready.configuration);
  const folder = locateDataFolder(options.dataDir, environment);
  const experiment = await withAddedTasks(ready, { extend: options.extend, folder, environment });
  const workspaceRoot = await checkWorkspaceRoot(
    path.resolve(environment.cwd, options.workspaceRoot ?? defaultWorkspaceRoot(environment)),
  );
  const call: Call = { options, experiment, folder, workspaceRoot, environment };
  // What is complete needs no agent, and nothing is written before everything needed is known to be there.
  if (existsSync(folder.ledger)) {
    const early = await withLedger(call, async (store, view) =>
      concludeEarly(call, { store, view }),
    );
    if (early !== null) return early;
  }
  const providers = await checkProviders(experiment.configuration, environment);
  const tape = readReplayed(options, environment);
  createDataFolder(folder);
  makeWorkspaceFolder(workspaceRoot);
  const unlock = lockSession(folder);
  try {
    const recorder = openRecording(options, environment);
    return await withLedger(call, async (store, view) => {
      const display = openDisplay({ experiment, view, environment });
      const interrupts = listenForInterrupts(environment, display);
      const replay = await openReplay(tape, options, (sentence) => display.noted(sentence));
      try {
        const end = await runExperiment({
          experiment,
          providers,
          recorder,
          replay,
          store,
          view,
          folder,
          workspaceRoot,
          environment,
          stopWhen,
          observe: (budgets) => display.watch(budgets),
          signal: untilTapeEnds(interrupts.signal, replay),
          atOnce: interrupts.atOnce,
        });
        display.close();
        return replay?.ranOut.aborted === true
          ? sayTapeEnded(environment)
          : conclude(call, { store, view }, end);
      } finally {
        display.close();
        interrupts.close();
        await replay?.stop();
      }
    });
  } finally {
    unlock();
  }
}

/** A replay sends nothing to anybody, and needs no key and no log-in. */
function withoutKeys(experiment: Experiment): Experiment {
  const credential = { mode: "scripted" } as const;
  const strip = (provider: Provider): Provider => ({
    ...provider,
    credential,
    routes: provider.routes.map((route) => ({ ...route, credential })),
  });
  const { configuration } = experiment;
  const [one, two, ...more] = configuration.providers;
  const providers = [strip(one), strip(two), ...more.map(strip)] as const;
  return { ...experiment, configuration: { ...configuration, providers } };
}

/** A session goes no further than its recording. */
function untilTapeEnds(interrupted: AbortSignal, replay: ReplayServer | null): AbortSignal {
  return replay === null ? interrupted : AbortSignal.any([interrupted, replay.ranOut]);
}

function sayTapeEnded({ stderr }: Environment): Result {
  stderr.write(
    "The recording is over before the session. Record the session anew, or go on without it: experiment run --resume\n",
  );
  return { exitCode: EXIT.failed, output: "" };
}

function makeWorkspaceFolder(root: string): void {
  try {
    makeFolder(workspacesBelow(root));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `${root}: workspaces can't be made here (${reason}). Name a folder that may be written with --workspace-root.`,
    );
  }
}

async function withLedger<Value>(
  { experiment, folder, environment }: Call,
  use: (store: LedgerStore, view: ExperimentFold) => Promise<Value>,
): Promise<Value> {
  const store = await openLedger(folder, environment);
  try {
    return await use(store, openExperimentView(store, experiment.plan.experimentId));
  } finally {
    await store.close();
  }
}

/** The answer where there is nothing to run: it is complete, or was begun and nobody said to go on. */
function concludeEarly(call: Call, { store, view }: Opened): Result | null {
  if (view.registrations.size === 0) return null;
  const windows = call.experiment.plan.units.flatMap((unit) => unit.windows);
  const open = windows.filter(({ window }) => finalOf(view, window) === undefined);
  if (open.length === 0) return conclude(call, { store, view }, { reason: "complete" });
  if (call.options.resume !== true && call.options.extend === undefined) {
    throw new ExperimentBegunError(windows.length - open.length, windows.length);
  }
  const last = latestOf(view.sessions.values());
  refuseDroppedLimits(last?.settings, call.experiment.configuration.budgets);
  return null;
}

function conclude(
  { options, folder, environment }: Call,
  { store, view }: Opened,
  end: SessionEnd,
): Result {
  const report = writeReport(view, store, folder);
  const preview = showPreview({ view, store, json: options.json === true, environment });
  const lines = options.json === true ? [preview] : [preview, "", `Report: ${report}`];
  const said = sayEnd(end, options);
  if (said.sentence !== null) environment.stderr.write(`${said.sentence}\n`);
  return { exitCode: said.exitCode, output: lines.join("\n") };
}

function sayEnd(
  end: SessionEnd,
  options: RunOptions,
): { readonly exitCode: number; readonly sentence: string | null } {
  if (end.reason === "complete") return { exitCode: EXIT.done, sentence: null };
  if (end.reason === "budget") {
    return { exitCode: EXIT.budget, sentence: `Stopped by a budget: ${end.sentence}` };
  }
  if (end.reason === "halted") return { exitCode: EXIT.halted, sentence: end.sentence };
  const sentence = `Interrupted; everything is saved. Go on with: ${sayResume(options)}`;
  return { exitCode: EXIT.interrupted, sentence };
}

/** Without the options that make the question, and say where it lies, another experiment would begin. */
function sayResume({ config, dataDir, seed, extend }: RunOptions): string {
  const given = { "--config": config, "--data-dir": dataDir, "--seed": seed, "--extend": extend };
  const words = Object.entries(given).flatMap(([option, value]) =>
    value === undefined ? [] : [option, value],
  );
  return ["experiment run", ...words, "--resume"].join(" ");
}
