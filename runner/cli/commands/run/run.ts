import { existsSync } from "node:fs";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { EXIT, type ExitCode } from "../../../../ledger/domain/exit-codes.ts";
import { isValidOutcome } from "../../../../ledger/domain/outcome.ts";
import type { LedgerStore } from "../../../../ledger/store/store.ts";
import { readBlockedByCapacity } from "../../../../ledger/views/backlog-view.ts";
import { latestOf } from "../../../../ledger/views/experiment-fact.ts";
import type { ExperimentFold } from "../../../../ledger/views/experiment-fold.ts";
import { openExperimentView } from "../../../../ledger/views/open-view.ts";
import { finalOf } from "../../../../ledger/views/progress.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { nameLedger } from "../../../../reports/evidence/named-ledger.ts";
import { runCommand } from "../../../../reports/evidence/run-command.ts";
import { buildReport } from "../../../../reports/report/build-report.ts";
import { AGENTS_ARE_OPEN } from "../../../../reports/text/no-sandbox.ts";
import {
  continueExperiment,
  type Experiment,
  retryMissing,
} from "../../../experiment/session/prepare-experiment.ts";
import { prepareSetups } from "../../../experiment/session/prepare-setups.ts";
import { type ExperimentRun, runExperiment } from "../../../experiment/session/run-experiment.ts";
import type { SessionEnd } from "../../../experiment/session/run-session.ts";
import { lockExperiment } from "../../../experiment/session/session-lock.ts";
import { refuseDroppedLimits } from "../../../gateway/budgets/budget-settings.ts";
import type { ReplayServer } from "../../../gateway/proxy/recording/replay.ts";
import { checkProviders } from "../../../plan/providers/check-providers.ts";
import { requireSandbox } from "../../../plan/providers/require-sandbox.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import {
  createDataFolder,
  makeFolder,
  type DataFolder,
} from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { enterOverlayNamespace } from "../../../tasks/setup/overlay-namespace.ts";
import { workspacesBelow } from "../../../tasks/workspaces/workspace-root.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { eventWriter } from "../../display/event-display.ts";
import { listenForInterrupts } from "../../display/listen-for-interrupts.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { openDisplay } from "../../display/open-display.ts";
import { type ExperimentSources, withCachedView } from "../../ledger/cached-view.ts";
import { type FoundExperiment, useLedger } from "../../ledger/open-ledger.ts";
import {
  openRecording,
  openReplay,
  readReplayed,
  refuseOddRecordings,
} from "../../open-recording.ts";
import type { Result } from "../../result.ts";
import { inspectCommand, listCommands } from "../plan/list-commands.ts";
import { plan } from "../plan/plan.ts";
import { chooseWorkspaceRoot, prepareRun } from "../plan/prepare-run.ts";
import { showRunEnd } from "../preview/show.ts";
import { writeReport } from "../report/write-report.ts";
import type { run as definition } from "./definition.ts";
import { readStopConditions } from "./read-stop-conditions.ts";
import { rehearse } from "./rehearse.ts";

type RunOptions = OptionsOf<typeof definition>;

/** One call of `experiment run`, with everything it reads resolved. */
interface Call {
  readonly options: RunOptions;
  readonly experiment: Experiment;
  readonly folder: DataFolder;
  readonly environment: Environment;
}

/** The ledger, and what it holds of the experiment. */
interface Opened {
  readonly store: LedgerStore;
  readonly view: ExperimentFold;
}

/** Runs or continues the experiment, and shows how it is going. */
export const run: CodeOf<typeof definition> = async (options, environment, program) => {
  if (options.rehearse !== undefined) return await rehearse(options, options.rehearse, environment);
  if (options.inspectCommand !== undefined) return await inspectCommand(options, environment);
  if (options.listCommands === true) return await listCommands(options, environment);
  if (options.dryRun === true) return await plan(options, environment, program);
  return await work(options, environment);
};

async function work(options: RunOptions, environment: Environment): Promise<Result> {
  refuseOddRecordings(options);
  const { experiment, folder } = await prepareRun(options, environment);
  const stopWhen = readStopConditions(options.stopWhen ?? [], experiment.configuration);
  const workspaceRoot = await chooseWorkspaceRoot(options, environment);
  const call: Call = { options, experiment, folder, environment };
  // A complete experiment needs no agent. Nothing is written before every agent is known to be there.
  if (existsSync(folder.ledger)) {
    const early = await useExperiment(call, (opened) => concludeEarly(call, opened));
    if (early !== null) return early;
  }
  if (experiment.tasks.values().some(({ kind }) => kind === "command")) {
    await enterOverlayNamespace(workspacesBelow(workspaceRoot), environment);
  }
  const agentFolders = [folder.root, workspacesBelow(workspaceRoot)];
  const providers = await checkProviders(experiment.configuration, environment, agentFolders);
  const sandbox = await requireSandbox(experiment.configuration, environment);
  const recording = readReplayed(options, environment);
  if (sandbox === undefined) sayNoSandbox(environment);
  makeFolders(folder, workspaceRoot);
  const unlock = lockExperiment(folder, experiment.plan.experimentId);
  try {
    await prepareSetups(experiment.tasks.values(), environment);
    const recorder = openRecording(options, environment);
    return await useExperiment(call, async (opened) => {
      const events = options.jsonEvents === true ? eventWriter(environment) : null;
      const display = openDisplay({ experiment, view: opened.view, environment, events });
      const interrupts = listenForInterrupts(environment, display);
      const replay = await openReplay(recording, options, (sentence) => display.noted(sentence));
      try {
        const session: ExperimentRun = {
          experiment,
          providers,
          recorder,
          replay,
          ...opened,
          folder,
          workspaceRoot,
          environment,
          stopWhen,
          observe: (budgets) => display.watch(budgets),
          signal: untilRecordingEnds(interrupts.signal, replay),
          atOnce: interrupts.atOnce,
        };
        const end = await runHereOrThere(session);
        display.close();
        return replay?.ranOut.aborted === true
          ? sayRecordingEnded(opened, environment)
          : await conclude(call, opened, end);
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

/** Windows are worked here, or by the workers of a store, whose code is loaded only then. */
async function runHereOrThere(session: ExperimentRun): Promise<SessionEnd> {
  if (session.folder.store === null) return await runExperiment(session);
  const { runShared } = await import("../../../experiment/cluster/open-shared.ts");
  return await runShared(session);
}

function sayNoSandbox(environment: Environment): void {
  const { stderr } = environment;
  const style = styleFor(stderr, environment);
  stderr.write(`${style?.("bold", AGENTS_ARE_OPEN) ?? AGENTS_ARE_OPEN}\n`);
}

/** A session ends with its recording. */
function untilRecordingEnds(interrupted: AbortSignal, replay: ReplayServer | null): AbortSignal {
  return replay === null ? interrupted : AbortSignal.any([interrupted, replay.ranOut]);
}

function sayRecordingEnded({ view }: Opened, { stderr }: Environment): Result {
  const again = runCommand(gatherEvidence(view));
  stderr.write(
    `The recording ends before the session. Record the session again, or continue without it: ${again} --resume\n`,
  );
  return { exitCode: EXIT.failed, output: "" };
}

function makeFolders(folder: DataFolder, root: string): void {
  createDataFolder(folder);
  try {
    makeFolder(workspacesBelow(root));
  } catch (error) {
    throw new ConfigurationError(
      `${root}: workspaces can't be made here (${reasonOf(error)}). Name a folder that may be written with --workspace-root.`,
    );
  }
}

async function useExperiment<Value>(
  { experiment, folder, environment }: Call,
  use: (opened: Opened) => Promise<Value> | Value,
): Promise<Value> {
  return await useLedger(folder, environment, (store) =>
    use({ store, view: openExperimentView(store, experiment.plan.experimentId) }),
  );
}

/** The answer if nothing may run: the experiment is complete, or was begun and `--resume` is missing. */
async function concludeEarly(call: Call, { store, view }: Opened): Promise<Result | null> {
  if (view.registrations.size === 0) return null;
  const { resume, retryMissing: isRetry, extend } = call.options;
  const isContinued = resume === true || isRetry === true || extend !== undefined;
  // The ledger's schedule has the places that earlier retries have added.
  const experiment = isContinued ? call.experiment : continueExperiment(call.experiment, view);
  const windows = experiment.plan.sets.flatMap((set) => set.windows);
  const open = windows.filter(
    ({ window }) =>
      finalOf(view, window) === undefined || experiment.gradeAgain?.has(window) === true,
  );
  if (open.length === 0) {
    return await conclude({ ...call, experiment }, { store, view }, { reason: "complete" });
  }
  if (!isContinued) {
    throw new ConfigurationError(
      `This experiment was begun: ${String(windows.length - open.length)} of ${String(windows.length)} windows are final. To continue it, add --resume.`,
    );
  }
  const last = latestOf(view.sessions.values());
  refuseDroppedLimits(last?.settings, call.experiment.configuration.budgets);
  return null;
}

/** Reports what the ledger holds. The fold of a large one is kept, so that the next report begins with it. */
async function conclude(call: Call, { store }: Opened, end: SessionEnd): Promise<Result> {
  const { experiment, folder, environment } = call;
  const { experimentId } = experiment.plan;
  const found: FoundExperiment = { store, folder, environment, experimentId };
  return await withCachedView(found, (sources) => sayConclusion(call, sources, end));
}

async function sayConclusion(
  { options, experiment, environment }: Call,
  sources: ExperimentSources,
  end: SessionEnd,
): Promise<Result> {
  const { view, budgets, ledger } = sources;
  const file = await writeReport({ ...sources, environment });
  const finals = experiment.plan.sets.flatMap((set) =>
    set.windows.map(({ window }) => finalOf(view, window)),
  );
  const isMeasured = finals.some((final) => final && isValidOutcome(final.outcome));
  const again = runCommand(gatherEvidence(view));
  const lacking = countLacking(experiment, sources);
  const said = sayEnd(end, again, { isMeasured, lacking });
  if (said.sentence !== null) environment.stderr.write(`${said.sentence}\n`);
  const json = options.json === true;
  const around = {
    ledger: nameLedger(ledger),
    backlogReadyBlocked: readBlockedByCapacity(ledger),
  };
  const report = buildReport(view, { ...budgets, nowMs: environment.clock.nowMs() }, around);
  const output = showRunEnd({ report, json, environment, file, above: said.sentence });
  if (options.jsonEvents !== true) return { exitCode: said.exitCode, output };
  // Programs read stdout.
  environment.stderr.write(`${output}\n`);
  eventWriter(environment)("run_ended", {
    exit_code: said.exitCode,
    report: file,
    answers: report.answers.map(({ sentence }) => sentence),
  });
  return { exitCode: said.exitCode, output: "" };
}

interface SaidEnd {
  readonly exitCode: ExitCode;
  readonly sentence: string | null;
}

/** What `--retry-missing` would do. */
interface Missing {
  readonly isMeasured: boolean;
  /** Tasks without a complete pair. */
  readonly lacking: number;
}

function countLacking(
  experiment: Experiment,
  { view, folder }: Pick<ExperimentSources, "view" | "folder">,
): number {
  const { plan: again, gradeAgain } = retryMissing(experiment, view, folder);
  const tasks = again.sets
    .slice(experiment.plan.sets.length)
    .concat(again.sets.filter((set) => set.windows.some(({ window }) => gradeAgain?.has(window))))
    .map(({ featureId }) => featureId);
  return new Set(tasks).size;
}

function sayComplete(again: string, { isMeasured, lacking }: Missing): SaidEnd {
  const pasted = `Work them again with: ${again} --retry-missing`;
  if (!isMeasured) {
    const sentence = `No window was measured: all of them are missing. ${pasted}`;
    return { exitCode: EXIT.failed, sentence };
  }
  const sentence =
    lacking === 0 ? null : `Tasks without a complete pair: ${String(lacking)}. ${pasted}`;
  return { exitCode: EXIT.done, sentence };
}

function sayEnd(end: SessionEnd, again: string, missing: Missing): SaidEnd {
  if (end.reason === "complete") return sayComplete(again, missing);
  if (end.reason === "incomplete") {
    const sentence = `${end.sentence} Continue with: ${again} --resume`;
    return { exitCode: EXIT.failed, sentence };
  }
  if (end.reason === "budget") {
    return { exitCode: EXIT.budget, sentence: `Stopped by a budget: ${end.sentence}` };
  }
  if (end.reason === "halted") return { exitCode: EXIT.halted, sentence: end.sentence };
  const { sentence: said = "Interrupted; everything is saved." } = end;
  const sentence = `${said} Continue with: ${again} --resume`;
  return { exitCode: EXIT.interrupted, sentence };
}
