import { byCodeUnit } from "../../../../reports/statistics/randomisation/code-unit-order.ts";
import {
  type StratumBalance,
  checkBalance,
} from "../../../../reports/statistics/randomisation/draw-assignment.ts";
import { AGENTS_ARE_OPEN } from "../../../../reports/text/no-sandbox.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { probeBubblewrap, type SandboxProbe } from "../../../agents/sandbox/find-bubblewrap.ts";
import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { chooseWorkspaceRoot, prepareRun } from "../../../experiment/session/prepare-run.ts";
import { describeSettings } from "../../../experiment/session/register-experiment.ts";
import { sayNoRoom } from "../../../experiment/session/say-no-room.ts";
import { openLimits } from "../../../experiment/windows/limit-resources.ts";
import { sayDuration } from "../../../gateway/budgets/parse-budget.ts";
import { checkRows } from "../../../plan/assignment/check-rows.ts";
import type { MatchedSet } from "../../../plan/assignment/plan.ts";
import { sayModels, unpricedModels } from "../../../plan/config/choose-cost.ts";
import { type Configuration, isScripted, rolesIn } from "../../../plan/config/configuration.ts";
import { COST_BASIS } from "../../../plan/config/cost-measure.ts";
import { sayPlans } from "../../../plan/config/describe-prices.ts";
import { type ShownCommandLine, showCommandLine } from "../../../plan/providers/check-providers.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { GIT_MISSING } from "../../../platform/git/run-git.ts";
import { findTool } from "../../../platform/processes/find-executable.ts";
import { lackOfRoom } from "../../../tasks/workspaces/workspace-room.ts";
import { workspacesBelow } from "../../../tasks/workspaces/workspace-root.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { styleFor } from "../../display/live-terminal.ts";
import { done } from "../../result.ts";
import type { plan as definition } from "./definition.ts";
import { describeBudgets } from "./describe-budgets.ts";
import { describeCredentials, planCredentials } from "./describe-credentials.ts";
import { describeHours, describeTime, planHours, planTime } from "./describe-hours.ts";
import { describePower, planPowerOf } from "./describe-power.ts";

/** Shows exactly what `run` would do, and runs nothing. */
export const plan: CodeOf<typeof definition> = async (options, environment) => {
  const { experiment } = await prepareRun(options, environment);
  const { providers, telemetry } = experiment.configuration;
  const commands = await Promise.all(
    providers.map((provider) => showCommandLine(provider, { telemetry }, environment)),
  );
  const columns = columnsOf(environment);
  const workspaceRoot = await chooseWorkspaceRoot(options, environment);
  const sandbox = await probeBubblewrap(environment);
  if (options.json === true) {
    const { plan: planned, configuration } = experiment;
    const folder = locateDataFolder(options.dataDir, environment);
    return done(
      JSON.stringify(
        {
          experiment_id: planned.experimentId,
          sha256: planned.sha256,
          registration: planned.registration,
          ...planPowerOf(experiment),
          balance: providers.length === 2 ? balanceOf(experiment) : checkRows(planned.sets),
          hours: planHours(experiment),
          time: planTime(experiment),
          settings: describeSettings(configuration, folder),
          no_window_fits: sayNoRoom(experiment, environment),
          command_lines: commands,
          workspace_root: workspaceRoot,
          network: configuration.network,
          agent_isolation: sandbox.file === undefined ? "none" : "bubblewrap",
          credentials: planCredentials(configuration),
        },
        null,
        2,
      ),
    );
  }
  return done(
    [
      ...describeQuestion(experiment),
      ...describeCost(experiment.configuration),
      "",
      describeSchedule(experiment, columns),
      "",
      describeBalance(experiment.plan.sets),
      ...(providers.length === 2 ? describeStrata(experiment) : describeRows(experiment)),
      ...describeHours(experiment),
      "",
      ...describePower(experiment, columns),
      "",
      ...(await describeMeans(experiment, environment)),
      "",
      ...commands.flatMap(describeCommand),
      ...describeTeams(experiment.configuration),
      "",
      ...(await describePlace(workspaceRoot, environment)),
      ...describeIsolation(sandbox, experiment.configuration, environment),
      ...describeNetwork(experiment, sandbox.file !== undefined),
      "Nothing was run.",
    ].join("\n"),
  );
};

/** Each role gets its own workspace, home and command line like the one above. */
function describeTeams({ providers }: Configuration): readonly string[] {
  return providers.flatMap(({ id, workflow }) => {
    if (workflow === "solo") return [];
    const roles = workflow.roles.map(
      ({ name, parallel, sends_back_to: target, rounds_max: most }) => {
        const back = target === undefined ? "" : ` (back to ${target} up to ${String(most)} times)`;
        return `${name}${parallel ? " (in parallel)" : ""}${back}`;
      },
    );
    return [`${id} works as a team: ${roles.join(", then ")}.`];
  });
}

/** What the experiment may use: budgets, time, the machine and credentials. */
async function describeMeans(
  experiment: Experiment,
  environment: Environment,
): Promise<readonly string[]> {
  const { configuration } = experiment;
  const columns = columnsOf(environment);
  const noRoom = sayNoRoom(experiment, environment);
  return [
    describeBudgets(configuration.budgets, columns),
    describeLimits(configuration.limits),
    describeTime(experiment),
    ...(await describeResources(configuration)),
    ...describeCredentials(configuration, columns),
    ...(noRoom === null ? [] : ["", `No window fits its budget. ${noRoom}`]),
  ];
}

/** A smaller `timeout_s` or `tokens_max` of a task wins. */
function describeLimits({
  windowMs,
  idleMs,
  requestsPerS,
  origins,
}: Configuration["limits"]): string {
  const time = windowMs === null ? "the task's own time" : `at most ${sayDuration(windowMs)}`;
  const pace =
    requestsPerS === null
      ? "any number of requests a second"
      : `${String(requestsPerS)} requests a second`;
  const parts = [
    `${time} (${origins.windowMs})`,
    `${sayDuration(idleMs)} without a sign of life (${origins.idleMs})`,
    `${pace} (${origins.requestsPerS})`,
  ];
  return `Every window: ${parts.join(", ")}`;
}

/** Makes the control groups of one attempt and removes them, because only that shows whether it is possible. */
async function describeResources({ resources }: Configuration): Promise<readonly string[]> {
  const opened = openLimits(resources, "plan");
  await opened.close();
  const parts = opened.limits.map(
    ({ resource, limit, enforced_by: by }) =>
      `${resource === "memory" ? `${sayMib(limit)} of memory` : `${String(limit)} ${resource}`} (${by ?? "not enforced here"})`,
  );
  return parts.length === 0 ? [] : [`Every agent: at most ${parts.join(", ")}`];
}

function sayMib(bytes: number): string {
  return `${String(Math.round(bytes / 1024 ** 2))} MiB`;
}

/** The folder of workspaces, and what a run would refuse to start without, besides its agents. */
async function describePlace(
  workspaceRoot: string,
  { variables }: Environment,
): Promise<readonly string[]> {
  const git = await findTool("git", variables["PATH"]);
  const lack = lackOfRoom(workspaceRoot);
  return [
    `Workspaces: below ${workspacesBelow(workspaceRoot)}`,
    ...(git === undefined ? [`run refuses to start here: ${GIT_MISSING}`] : []),
    ...(lack === null ? [] : [`run refuses to start here for want of ${lack}`]),
  ];
}

function describeIsolation(
  sandbox: SandboxProbe,
  { isolation }: Configuration,
  environment: Environment,
): readonly string[] {
  if (sandbox.file !== undefined) {
    return [
      "Isolation of agents: bubblewrap; each command line runs in a sandbox where only its workspace, its home and the system's programs exist",
    ];
  }
  const style = styleFor(environment.stdout, environment);
  return [
    style?.("bold", AGENTS_ARE_OPEN) ?? AGENTS_ARE_OPEN,
    `Isolation of agents: none, because ${sandbox.lacks}. ${sandbox.mend}.`,
    ...(isolation === "required"
      ? ["run refuses to start here, because isolation is required"]
      : []),
  ];
}

/** What agents reach besides their models. Tasks may need more than the experiment allows. */
function describeNetwork(
  { configuration: { network }, tasks }: Experiment,
  isSandboxed: boolean,
): readonly string[] {
  const said =
    typeof network === "string"
      ? { closed: "closed", open: "open by choice, every public host" }[network]
      : network.allow.join(", ");
  const needs = [...tasks.values()].flatMap(({ id, allowedHosts = [] }) =>
    allowedHosts.length === 0 ? [] : [`${id} also reaches ${allowedHosts.join(", ")}`],
  );
  const open = isSandboxed ? [] : ["without a sandbox nothing of this holds"];
  return [`Network of agents, besides their models: ${[said, ...needs, ...open].join("; ")}`];
}

function describeQuestion({ plan: planned, configuration }: Experiment): readonly string[] {
  const [baseline, ...candidates] = configuration.providers.map(({ id }) => id);
  return [
    `Experiment ${planned.experimentId} (${configuration.name}), seed ${configuration.seed}`,
    `Baseline ${String(baseline)}, candidate ${candidates.join(", ")}`,
    `Registration SHA-256 ${planned.sha256}`,
  ];
}

/** A scripted model costs nothing, so the plan does not mention its missing price. */
function describeCost(configuration: Configuration): readonly string[] {
  const { cost, prices } = configuration;
  const unpriced = unpricedModels(configuration);
  const plans = sayPlans(configuration);
  if (cost === "usd") {
    return [`Cost in dollars, prices ${prices.name} as of ${prices.asOf ?? "no date"}`, ...plans];
  }
  if (isScripted(configuration) && plans.length === 0) return [];
  return [
    `Cost in tokens (${COST_BASIS})`,
    ...plans,
    ...(unpriced.length === 0 ? [] : [`No price: ${sayModels(unpriced)}`]),
  ];
}

/** A task's limit is made for one agent. */
function sayTokensMax(tokensMax: number | null | undefined, roles: number): string {
  return typeof tokensMax === "number" ? String(tokensMax * roles) : "";
}

function describeSchedule(
  { plan: planned, tasks, configuration }: Experiment,
  columns?: number,
): string {
  const rolesOf = (id: string): number => {
    const provider = configuration.providers.find((one) => one.id === id);
    return provider === undefined ? 1 : rolesIn(provider);
  };
  const rows = planned.sets.flatMap(({ sequence, stratum, block, windows }) =>
    windows.map(({ window, featureId, period, provider, command }) => [
      window,
      featureId,
      `${stratum} ${String(block)}`,
      sequence,
      String(period),
      provider,
      command,
      sayTokensMax(tasks.get(featureId)?.tokensMax, rolesOf(provider)),
    ]),
  );
  const head = ["WINDOW", "FEATURE", "BLOCK", "SEQUENCE", "PERIOD", "PROVIDER"];
  return plainTable([[...head, "COMMAND", "TOKENS MAX"], ...rows], { columns });
}

function describeBalance(sets: readonly MatchedSet[]): string {
  const counts = new Map<string, number>();
  for (const { sequence } of sets) counts.set(sequence, (counts.get(sequence) ?? 0) + 1);
  const parts = [...counts].map(([sequence, count]) => `${sequence} ${String(count)}`);
  return `Balance: ${parts.toSorted(byCodeUnit).join(", ")}`;
}

function balanceOf({ plan: { sets }, configuration }: Experiment): readonly StratumBalance[] {
  // Each cohort is drawn separately, so its blocks are balanced separately.
  const assigned = sets.flatMap(({ stratum, sequence, cohort = 1 }) =>
    sequence === "AB" || sequence === "BA"
      ? [
          {
            stratum: cohort === 1 ? stratum : `${stratum}, cohort ${String(cohort)}`,
            sequence,
          } as const,
        ]
      : [],
  );
  return checkBalance(assigned, configuration.design.blockSize);
}

function describeRows({ plan: { sets } }: Experiment): readonly string[] {
  const { places, neighbours } = checkRows(sets);
  return [
    `  every provider is in every period ${sayTimes(places)}`,
    `  every provider follows every other ${sayTimes(neighbours)}`,
  ];
}

function sayTimes({ least, most }: { least: number; most: number }): string {
  return least === most ? `${String(least)} times` : `${String(least)} to ${String(most)} times`;
}

function describeStrata(experiment: Experiment): readonly string[] {
  return balanceOf(experiment).map(
    ({ stratum, nAB, nBA, isWithinBound }) =>
      `  ${stratum}: AB ${String(nAB)}, BA ${String(nBA)}${isWithinBound ? "" : ": not as blocks promise"}`,
  );
}

function describeCommand({ provider, commandLine, lacks }: ShownCommandLine): readonly string[] {
  if (commandLine === null) return [`${provider}: ${String(lacks)}`];
  const { file, args, env, files = {} } = commandLine;
  const variables = Object.entries(env).map(([name, value]) => `    ${name}=${value}`);
  const written = Object.entries(files).flatMap(([name, text]) => [
    `    <home>/${name}:`,
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => `      ${line}`),
  ]);
  return [`${provider}: ${[file, ...args].join(" ")}`, ...variables, ...written];
}
