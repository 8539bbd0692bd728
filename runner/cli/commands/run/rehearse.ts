import { mkdtempSync } from "node:fs";
import path from "node:path";

import { countNoun } from "../../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { wrapText } from "../../../../reports/text/wrap-text.ts";
import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { chooseWorkspaceRoot, prepareRun } from "../../../experiment/session/prepare-run.ts";
import { prepareSetups } from "../../../experiment/session/prepare-setups.ts";
import { rehearsePart, type RehearsedPart } from "../../../experiment/session/rehearse-part.ts";
import { checkProviders, type ReadyProvider } from "../../../plan/providers/check-providers.ts";
import { requireSandbox } from "../../../plan/providers/require-sandbox.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { makeFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { removeFolder } from "../../../platform/git/remove-folder.ts";
import { enterOverlayNamespace } from "../../../tasks/setup/overlay-namespace.ts";
import { createWorkspace } from "../../../tasks/workspaces/create-workspace.ts";
import { lackOfRoom } from "../../../tasks/workspaces/workspace-room.ts";
import { columnsOf } from "../../columns.ts";
import type { OptionsOf } from "../../definition.ts";
import { listenForInterrupts } from "../../display/listen-for-interrupts.ts";
import { openDisplay } from "../../display/open-display.ts";
import { doneIf, doneWith, type Result } from "../../result.ts";
import type { CHECK_LEVELS, run } from "./definition.ts";

type RunOptions = OptionsOf<typeof run>;
type Level = (typeof CHECK_LEVELS)[number];

/** What a level has checked, or what failed in it. */
interface Check {
  readonly level: Level;
  readonly ok: boolean;
  readonly says: readonly string[];
}

interface Stage {
  readonly experiment: Experiment;
  /** A folder that only this check uses, outside of every repository. */
  readonly folder: string;
  readonly environment: Environment;
}

/** Checks the experiment level by level, without calling a vendor. It stops at the first level that fails. */
export async function rehearse(
  options: RunOptions,
  wanted: Level,
  environment: Environment,
): Promise<Result> {
  refuseUnread(options);
  const { experiment } = await prepareRun(options, environment);
  const root = await chooseWorkspaceRoot(options, environment);
  const lack = lackOfRoom(root);
  if (lack !== null) throw new ConfigurationError(`Nothing was started for want of ${lack}`);
  makeFolder(root);
  const folder = mkdtempSync(path.join(root, "counterbalance-check-"));
  try {
    const checks = await checkUpTo(wanted, { experiment, folder, environment });
    const say = () => describe(checks, columnsOf(environment));
    return doneIf(
      checks.every(({ ok }) => ok),
      doneWith(options, checks, say),
    );
  } finally {
    await removeFolder(folder);
  }
}

/** Refuses options that the check does not read, because they would silently have no effect. */
function refuseUnread(options: RunOptions): void {
  const unread = {
    "--resume": options.resume,
    "--retry-missing": options.retryMissing,
    "--extend": options.extend,
    "--stop-when": options.stopWhen,
    "--json-events": options.jsonEvents,
    "--dry-run": options.dryRun,
    "--list-commands": options.listCommands,
    "--inspect-command": options.inspectCommand,
    "--record": options.record,
    "--replay": options.replay,
  };
  const [given] = Object.entries(unread).find(([, value]) => value !== undefined) ?? [];
  if (given === undefined) return;
  throw new ConfigurationError(
    `${given}: expected it without --rehearse, got both. Leave one of them out.`,
  );
}

async function checkUpTo(wanted: Level, stage: Stage): Promise<readonly Check[]> {
  const { experiment, environment, folder } = stage;
  const checks: Check[] = [checkParse(experiment)];
  if (wanted === "parse") return checks;
  const providers = await checkProviders(experiment.configuration, environment, [folder]);
  checks.push(checkCommands(providers, environment));
  if (wanted === "commands") return checks;
  checks.push(await checkDryRun(stage));
  for (const part of ["role", "workflow"] as const) {
    if (wanted === "dry-run" || (wanted === "role" && part === "workflow")) return checks;
    const check = await checkWork(stage, providers, part);
    checks.push(check);
    if (!check.ok) return checks;
  }
  return checks;
}

function checkParse({ plan, tasks }: Experiment): Check {
  const windows = plan.sets.reduce((sum, set) => sum + set.windows.length, 0);
  const what = `${countNoun(tasks.size, "task")} and a schedule of ${countNoun(windows, "window")}`;
  return { level: "parse", ok: true, says: [`The configuration, its budgets, ${what} are valid.`] };
}

/** Shows command lines, with words in capitals for what differs between attempts. */
function checkCommands(providers: readonly ReadyProvider[], environment: Environment): Check {
  const says = providers.map(({ provider, driver, executable, version }) => {
    const { file, args } = driver.commandLine(
      {
        home: "HOME",
        prompt: "PROMPT",
        model: provider.model,
        ...(provider.dialect === undefined ? {} : { dialect: provider.dialect }),
        proxyUrl: "http://127.0.0.1:PORT/w/KEY",
        proxyKey: "KEY",
      },
      { executable, isRoot: environment.isRoot, variables: environment.variables },
    );
    const line = [path.basename(file), ...args].join(" ");
    return toPlainLine(`${provider.id}: ${driver.title} ${version} will run as: ${line}`);
  });
  return {
    level: "commands",
    ok: true,
    says: ["Every agent is installed, and every credential is there.", ...says],
  };
}

async function checkDryRun({ experiment, folder, environment }: Stage): Promise<Check> {
  const tasks = [...experiment.tasks.values()];
  const root = path.join(folder, "dry-run");
  if (tasks.some(({ kind }) => kind === "command")) {
    await enterOverlayNamespace(root, environment);
  }
  await prepareSetups(tasks, environment);
  for (const task of tasks) await createWorkspace({ task, root, name: task.id }, environment);
  const sandbox = await requireSandbox(experiment.configuration, environment);
  const workspaces = `A workspace was made for ${countNoun(tasks.length, "task")}.`;
  const isolation =
    sandbox === undefined
      ? "Agents will have no sandbox on this machine."
      : "Agents will work in a sandbox.";
  return { level: "dry-run", ok: true, says: [workspaces, isolation] };
}

/** Works the first task with the real agents, the proxy and the grader, and a scripted model. */
async function checkWork(
  { experiment, folder, environment }: Stage,
  ready: readonly ReadyProvider[],
  part: RehearsedPart,
): Promise<Check> {
  const toCheck = { part, experiment, ready, folder, environment };
  const worked = await rehearsePart(toCheck, ({ experiment: scripted, view }) => {
    const display = openDisplay({ experiment: scripted, view, environment, events: null });
    return { display, interrupts: listenForInterrupts(environment, display) };
  });
  const says = worked.map(({ provider, roles, featureId, outcome, reason }) => {
    const who = roles.length === 0 ? provider : `${provider} (${roles.join(", ")})`;
    const why = reason === null ? "" : `: ${reason}`;
    return toPlainLine(`${who} worked on ${featureId} with the scripted model: ${outcome}${why}.`);
  });
  return { level: part, ok: worked.every(({ isGraded }) => isGraded), says };
}

const LEVEL_COLUMNS = 10;

function describe(checks: readonly Check[], columns = 80): string {
  const lines = checks.flatMap(({ level, ok, says }) => {
    const texts = [ok ? "checked" : "FAILED", ...says].flatMap((text) =>
      wrapText(text, columns - LEVEL_COLUMNS),
    );
    return texts.map((text, index) => (index > 0 ? "" : level).padEnd(LEVEL_COLUMNS) + text);
  });
  return [...lines, "No vendor was called, and the ledger did not change."].join("\n");
}
