import { byCodeUnit } from "../../../../reports/statistics/randomisation/code-unit-order.ts";
import { cellsOf, plainTable } from "../../../../reports/text/plain-table.ts";
import { hangText } from "../../../../reports/text/wrap-text.ts";
import type { SandboxProbe } from "../../../agents/sandbox/find-bubblewrap.ts";
import type { PlanData } from "../../../experiment/planned/plan-data.ts";
import type { Experiment } from "../../../experiment/session/prepare-experiment.ts";
import { sayDuration } from "../../../gateway/budgets/parse-budget.ts";
import type { MatchedSet } from "../../../plan/assignment/plan.ts";
import { sayModels, unpricedModels } from "../../../plan/config/choose-cost.ts";
import { type Configuration, isScripted, rolesIn } from "../../../plan/config/configuration.ts";
import { COST_BASIS } from "../../../plan/config/cost-measure.ts";
import { sayPlans } from "../../../plan/config/describe-prices.ts";
import { noticePricesOf } from "../../../plan/config/notice-prices.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { columnsOf } from "../../columns.ts";
import { describeBudgets } from "./show-budgets.ts";
import { describeHours, describeTime } from "./show-hours.ts";
import {
  describeCommand,
  describeIsolation,
  describeNetwork,
  describePlace,
  describeResources,
} from "./show-machine.ts";
import { describePower } from "./show-power.ts";

interface ShownPlan {
  readonly data: PlanData;
  readonly experiment: Experiment;
  readonly sandbox: SandboxProbe;
  readonly environment: Environment;
}

/** The plan for people: the question, the schedule, what it can show, what it may use, and this machine. */
export async function showPlan({
  data,
  experiment,
  sandbox,
  environment,
}: ShownPlan): Promise<string> {
  const { configuration, plan } = experiment;
  const columns = columnsOf(environment);
  const { no_window_fits: noRoom } = data;
  return [
    ...describeQuestion(experiment),
    ...describeCost(configuration),
    ...describePrices(configuration, environment),
    "",
    describeSchedule(experiment, columns),
    "",
    describeBalance(plan.sets),
    ...describeSpread(data),
    ...describeHours(data, configuration),
    "",
    ...describePower(data, configuration, columns),
    "",
    describeBudgets(configuration.budgets, columns),
    describeLimits(configuration.limits),
    describeTime(data, configuration),
    ...(await describeResources(configuration)),
    ...describeCredentials(data, columns),
    ...(noRoom === null ? [] : ["", `No window fits its budget. ${noRoom}`]),
    "",
    ...data.command_lines.flatMap(describeCommand),
    ...describeTeams(configuration),
    "",
    ...(await describePlace(data.workspace_root, environment)),
    ...describeIsolation(sandbox, configuration, environment),
    ...describeNetwork(experiment, sandbox.file !== undefined),
    "Nothing was run.",
  ].join("\n");
}

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

/** Scripted models cost nothing. */
function describePrices(configuration: Configuration, environment: Environment): readonly string[] {
  if (isScripted(configuration)) return [];
  const { providers, prices } = configuration;
  const columns = columnsOf(environment);
  const notices = noticePricesOf(providers, { prices, nowMs: environment.clock.nowMs() });
  return columns === undefined ? notices : notices.map((notice) => hangText(notice, columns));
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

function describeSpread({ balance }: PlanData): readonly string[] {
  if ("places" in balance) {
    return [
      `  every provider is in every period ${sayTimes(balance.places)}`,
      `  every provider follows every other ${sayTimes(balance.neighbours)}`,
    ];
  }
  return balance.map(
    ({ stratum, nAB, nBA, isWithinBound }) =>
      `  ${stratum}: AB ${String(nAB)}, BA ${String(nBA)}${isWithinBound ? "" : ": not as blocks promise"}`,
  );
}

function sayTimes({ least, most }: { least: number; most: number }): string {
  return least === most ? `${String(least)} times` : `${String(least)} to ${String(most)} times`;
}

/** A scripted model needs no key, so a plan of nothing else does not mention keys. */
function describeCredentials({ credentials }: PlanData, columns?: number): readonly string[] {
  if (credentials.every(({ host }) => host === null)) return [];
  const table = cellsOf(credentials, {
    PROVIDER: ({ provider }) => provider,
    REQUESTS: ({ requests }) => requests,
    CREDENTIAL: ({ credential }) => credential,
    HEADER: ({ header }) => header,
    HOST: ({ host }) => host ?? "the scripted model",
  });
  return ["", plainTable(table, { columns })];
}
