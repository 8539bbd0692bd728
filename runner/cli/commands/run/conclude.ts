import { EXIT, type ExitCode } from "../../../../ledger/domain/exit-codes.ts";
import { isValidOutcome } from "../../../../ledger/domain/outcome.ts";
import type { LedgerStore } from "../../../../ledger/store/store.ts";
import { readBlockedByCapacity } from "../../../../ledger/views/backlog-view.ts";
import type { FinalizedFact } from "../../../../ledger/views/experiment-fact.ts";
import { finalOf } from "../../../../ledger/views/progress.ts";
import { gatherEvidence } from "../../../../reports/evidence/evidence.ts";
import { nameLedger } from "../../../../reports/evidence/named-ledger.ts";
import { runCommand } from "../../../../reports/evidence/run-command.ts";
import { buildReport } from "../../../../reports/report/build-report.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { type Experiment, retryMissing } from "../../../experiment/session/prepare-experiment.ts";
import type { SessionEnd } from "../../../experiment/session/run-session.ts";
import type { DataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { OptionsOf } from "../../definition.ts";
import { eventWriter } from "../../display/event-display.ts";
import { type ExperimentSources, withCachedView } from "../../ledger/cached-view.ts";
import type { Result } from "../../result.ts";
import { showRunEnd } from "../preview/show.ts";
import { writeReport } from "../report/write-report.ts";
import type { run } from "./definition.ts";

/** One call of `experiment run`, with everything it reads resolved. */
interface Call {
  readonly options: Pick<OptionsOf<typeof run>, "json" | "jsonEvents">;
  readonly experiment: Experiment;
  readonly folder: DataFolder;
  readonly environment: Environment;
}

/** Reports what the ledger holds. The fold of a large one is kept, so that the next report begins with it. */
export async function conclude(call: Call, store: LedgerStore, end: SessionEnd): Promise<Result> {
  const { experiment, folder, environment } = call;
  const { experimentId } = experiment.plan;
  return await withCachedView({ store, folder, environment, experimentId }, (sources) =>
    sayConclusion(call, sources, end),
  );
}

async function sayConclusion(
  { options, experiment, environment }: Call,
  sources: ExperimentSources,
  end: SessionEnd,
): Promise<Result> {
  const { view, budgets, ledger } = sources;
  const file = await writeReport({ ...sources, environment });
  const finals = experiment.plan.sets.flatMap((set) =>
    set.windows.flatMap(({ window }) => finalOf(view, window) ?? []),
  );
  const missing = finals.filter(({ outcome }) => !isValidOutcome(outcome));
  const isMeasured = missing.length < finals.length;
  const again = runCommand(gatherEvidence(view));
  const lacking = countLacking(experiment, sources);
  const said = sayEnd(end, again, { isMeasured, lacking, reasons: listReasons(missing) });
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
  /** Why windows are missing, a line each. */
  readonly reasons: readonly string[];
}

/** Each provider's reasons once. */
function listReasons(missing: readonly FinalizedFact[]): readonly string[] {
  const said = missing.flatMap(({ provider, reason }) =>
    reason === null ? [] : [toPlainLine(`${provider}: ${reason}`)],
  );
  return [...new Set(said)];
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

function sayComplete(again: string, { isMeasured, lacking, reasons }: Missing): SaidEnd {
  if (isMeasured && lacking === 0) return { exitCode: EXIT.done, sentence: null };
  const what = isMeasured
    ? `Tasks without a complete pair: ${String(lacking)}.`
    : "No window was measured: all of them are missing.";
  const pasted = `${what} Work them again with: ${again} --retry-missing`;
  const sentence = [...reasons, pasted].join("\n");
  return { exitCode: isMeasured ? EXIT.done : EXIT.failed, sentence };
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
