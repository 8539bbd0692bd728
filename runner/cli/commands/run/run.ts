import { existsSync } from "node:fs";

import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { runCommand } from "../../../../reports/evidence/run-command.ts";
import { AGENTS_ARE_OPEN } from "../../../../reports/text/no-sandbox.ts";
import { chooseWorkspaceRoot, prepareRun } from "../../../experiment/session/prepare-run.ts";
import { readStopConditions } from "../../../experiment/session/read-stop-conditions.ts";
import { type ExperimentRun, runExperiment } from "../../../experiment/session/run-experiment.ts";
import type { SessionEnd } from "../../../experiment/session/run-session.ts";
import {
  findAgents,
  findComplete,
  type Opened,
  useExperiment,
  useFolders,
} from "../../../experiment/session/start-run.ts";
import {
  openRecording,
  openReplay,
  readReplayed,
  refuseOddRecordings,
} from "../../../gateway/proxy/recording/open-recording.ts";
import type { ReplayServer } from "../../../gateway/proxy/recording/replay.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { eventWriter } from "../../display/event-display.ts";
import { listenForInterrupts } from "../../display/listen-for-interrupts.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { openDisplay } from "../../display/open-display.ts";
import type { Result } from "../../result.ts";
import { inspectCommand, listCommands } from "../plan/list-commands.ts";
import { plan } from "../plan/plan.ts";
import { conclude } from "./conclude.ts";
import type { run as definition } from "./definition.ts";
import { rehearse } from "./rehearse.ts";

type RunOptions = OptionsOf<typeof definition>;

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
  const place = { experiment, folder, workspaceRoot, environment };
  const call = { options, experiment, folder, environment };
  // A complete experiment needs no agent.
  if (existsSync(folder.ledger)) {
    const early = await useExperiment(place, async ({ store, view }) => {
      const complete = findComplete(experiment, view, options);
      if (complete === null) return null;
      return await conclude({ ...call, experiment: complete }, store, { reason: "complete" });
    });
    if (early !== null) return early;
  }
  const { providers, sandbox } = await findAgents(place);
  const recording = readReplayed(options, environment);
  if (sandbox === undefined) sayNoSandbox(environment);
  return await useFolders(place, async () => {
    const recorder = openRecording(options, environment);
    return await useExperiment(place, async ({ store, view }) => {
      const events = options.jsonEvents === true ? eventWriter(environment) : null;
      const display = openDisplay({ experiment, view, environment, events });
      const interrupts = listenForInterrupts(environment, display);
      const replay = await openReplay(recording, options, (sentence) => display.noted(sentence));
      try {
        const end = await runHereOrThere({
          experiment,
          folder,
          workspaceRoot,
          environment,
          providers,
          recorder,
          replay,
          store,
          view,
          stopWhen,
          observe: (budgets) => display.watch(budgets),
          signal: untilRecordingEnds(interrupts.signal, replay),
          atOnce: interrupts.atOnce,
        });
        display.close();
        return replay?.ranOut.aborted === true
          ? sayRecordingEnded(view, environment)
          : await conclude(call, store, end);
      } finally {
        display.close();
        interrupts.close();
        await replay?.stop();
      }
    });
  });
}

/** Windows are worked here, or by the workers of a store, whose code is loaded only then. */
async function runHereOrThere(asked: ExperimentRun): Promise<SessionEnd> {
  if (asked.folder.store === null) return await runExperiment(asked);
  const { runShared } = await import("../../../experiment/cluster/open-shared.ts");
  return await runShared(asked);
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

function sayRecordingEnded(view: Opened["view"], { stderr }: Environment): Result {
  const again = runCommand(gatherEvidence(view));
  stderr.write(
    `The recording ends before the session. Record the session again, or continue without it: ${again} --resume\n`,
  );
  return { exitCode: EXIT.failed, output: "" };
}
