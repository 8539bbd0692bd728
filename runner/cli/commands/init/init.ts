import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import { sum } from "simple-statistics";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { countNoun } from "../../../../reports/text/number-text.ts";
import { hangText } from "../../../../reports/text/wrap-text.ts";
import { planTime } from "../../../experiment/planned/plan-hours.ts";
import {
  type Experiment,
  prepareExperiment,
} from "../../../experiment/session/prepare-experiment.ts";
import { configurationsIn } from "../../../plan/config/find-configuration.ts";
import {
  agentsOf,
  type Comparison,
  dearest,
  type Draft,
  gatewaysIn,
  modelsOf,
  writeDraft,
} from "../../../plan/providers/draft-experiment.ts";
import {
  isReady,
  type SurveyedAgent,
  surveyAgents,
} from "../../../plan/providers/survey-agents.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { packageFolder } from "../../../platform/environment/package-folder.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { done } from "../../result.ts";
import { describeTime } from "../plan/show-hours.ts";
import { chooseTasks } from "./choose-tasks.ts";
import type { init as definition } from "./definition.ts";
import { openQuestions, type Questions } from "./questions.ts";

/** Writes a commented configuration for the agents, the repository and the environment that are here. */
export const init: CodeOf<typeof definition> = async (options, environment) => {
  const { config } = options;
  const file = path.resolve(environment.cwd, config);
  const there = existsSync(file) ? file : findOther(file);
  if (there !== undefined) {
    throw new ConfigurationError(
      `${there}: it is there already. Name another file with --config, or edit this one.`,
    );
  }
  const questions = openQuestions(environment, options);
  const agents = await surveyAgents(environment);
  const gateways = gatewaysIn(environment);
  const comparison = await chooseComparison(agents, questions);
  const plans = await askPlans(comparison, questions);
  const folder = path.dirname(file);
  const tasks = await chooseTasks(folder, environment, questions);
  const schema = path.relative(folder, path.join(packageFolder(), "docs/experiment.schema.json"));
  const draft = { schema, bank: tasks.bank, comparison, gateways, plans };
  const limit = await askLimit(tasks.tokensMax, comparison, questions);
  writeConfiguration(file, writeDraft({ ...draft, overall: limit }));
  const experiment = prepareExperiment({ config }, environment);
  return done(
    [
      `${file} was written.`,
      ...describeAgents(agents),
      sayComparison(comparison),
      ...gateways.map(({ vendor, baseUrl }) => `Requests to ${vendor} go to ${baseUrl}`),
      ...tasks.said,
      sayMost(experiment, limit),
      `Look at what it would do: experiment plan --config ${config}`,
    ]
      .map((line) => hangText(line, columnsOf(environment)))
      .join("\n"),
  );
};

/** Commands would find both, if both have a name that they look for. */
function findOther(file: string): string | undefined {
  return path.parse(file).name === "experiment"
    ? configurationsIn(path.dirname(file))[0]
    : undefined;
}

/** The agents that could start come first. If there is none, those that are installed. */
async function chooseComparison(
  agents: readonly SurveyedAgent[],
  questions: Questions,
): Promise<Comparison> {
  const clients = agents.filter(({ driver }) => driver.tested !== undefined);
  const builtin = agents.filter(({ driver }) => driver.tested === undefined);
  const groups = [
    clients.filter(isReady),
    clients.filter(({ probe }) => probe.ready).slice(0, 1),
    builtin,
  ];
  const usable = groups.find((group) => group.length > 0) ?? [];
  const pairs = usable.flatMap((one, index) =>
    usable.slice(index + 1).map((other) => agentsOf(one, other)),
  );
  const found = [...pairs, ...usable.map(modelsOf)].filter((one) => one !== undefined);
  const [first, ...others] = found.map((value) => ({ name: sayComparison(value), value }));
  if (first === undefined) throw new Error("No driver names two models.");
  if (others.length === 0) return first.value;
  return await questions.choose("What do you want to compare?", [first, ...others]);
}

function sayComparison([baseline, candidate]: Comparison): string {
  return `Baseline ${sayProvider(baseline)}, candidate ${sayProvider(candidate)}`;
}

function sayProvider({ agent, model }: Comparison[number]): string {
  return `${model} by ${agent.driver.title}`;
}

/** A log-in may belong to a subscription, which is paid by the month and not by the token. */
async function askPlans(
  comparison: Comparison,
  questions: Questions,
): Promise<ReadonlyMap<string, number>> {
  const plans = new Map<string, number>();
  for (const { agent } of comparison) {
    const { name, title } = agent.driver;
    if (agent.auth !== "inherit" || plans.has(name)) continue;
    const message = `What does your subscription for ${title} cost a month, in dollars? (0: you pay by token)`;
    plans.set(name, await questions.amount(message, 0));
  }
  return plans;
}

const ROUND_UP = 5;

/** Proposes what the tasks allow at most, so that the limit alone stops nothing. */
async function askLimit(
  tokensMax: readonly number[],
  comparison: Comparison,
  questions: Questions,
): Promise<Draft["overall"]> {
  const tokens = sum([...tokensMax, 0]);
  const dollars = comparison.map(({ model }) => dearest(model, tokens));
  const known = dollars.filter((amount) => amount !== null);
  if (known.length < dollars.length) {
    const all = tokens * comparison.length;
    const message = "How many tokens may a run take at most?";
    return { tokens: Math.round(await questions.amount(message, all)) };
  }
  const proposed = Math.ceil(sum(known) / ROUND_UP) * ROUND_UP;
  return { usd: await questions.amount("How many dollars may a run cost at most?", proposed) };
}

function describeAgents(agents: readonly SurveyedAgent[]): readonly string[] {
  const clients = agents.filter(({ driver }) => driver.tested !== undefined);
  const found = clients.flatMap(({ driver, probe, auth, mend }) => {
    if (!probe.ready) return [];
    const way =
      auth === "inherit" ? "its log-in" : `the key in ${String(auth).slice("env ".length)}`;
    const credential =
      auth === null ? `It has no log-in and no key here. ${mend}` : `It uses ${way}.`;
    return [`${driver.title} ${probe.version} was found. ${credential}`];
  });
  if (found.length > 0) return found;
  return clients
    .slice(0, 1)
    .flatMap(({ driver, probe }) =>
      probe.ready ? [] : [`${driver.title} was not found; install it with:`, probe.install],
    );
}

function sayMost(experiment: Experiment, limit: Draft["overall"]): string {
  const windows = experiment.plan.sets.flatMap((set) => set.windows).length;
  const most =
    "usd" in limit
      ? `${String(limit.usd)} dollars at list prices`
      : `${String(limit.tokens)} tokens that no cache held`;
  return `A run costs at most ${most} for ${countNoun(windows, "window")}. ${describeTime({ time: planTime(experiment) }, experiment.configuration)}`;
}

function writeConfiguration(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: "wx" });
  } catch (cause) {
    throw new ConfigurationError(
      `${file}: expected a file that can be written, got: ${reasonOf(cause)}. Name another one with --config.`,
    );
  }
}
