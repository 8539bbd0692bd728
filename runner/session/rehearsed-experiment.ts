import { makePlan } from "../assignment/make-plan.ts";
import type { MatchedSet } from "../assignment/plan.ts";
import type { Configuration, Provider } from "../config/configuration.ts";
import { ModelProfile } from "../rehearsal/profile.ts";
import type { Experiment } from "./prepare-experiment.ts";

const UPSTREAM = "rehearsal";

/** The experiment's first task in one window of each provider, with a scripted model instead of every vendor's. */
export function rehearsedExperiment(experiment: Experiment): Experiment {
  const configuration = withScriptedModels(experiment.configuration);
  const [first] = experiment.plan.sets;
  const tasks = [...experiment.tasks.values()].filter(({ id }) => id === first?.featureId);
  const plan = makePlan(configuration, tasks);
  const sets = plan.sets.slice(0, 1).map(withoutHours);
  return {
    configuration,
    tasks: new Map(tasks.map((task) => [task.id, task])),
    plan: { ...plan, sets },
  };
}

/** A rehearsal waits for no hour of the day. */
function withoutHours({ hours: _hours, ...set }: MatchedSet): MatchedSet {
  return set;
}

function withScriptedModels(configuration: Configuration): Configuration {
  const { providers, design, budgets } = configuration;
  const [one, two, ...more] = providers;
  const profile = ModelProfile.parse({});
  const profiles = Object.fromEntries(providers.map(({ model }) => [model, profile]));
  return {
    ...configuration,
    providers: [scripted(one), scripted(two), ...more.map(scripted)],
    upstreams: [{ name: UPSTREAM, kind: "scripted", profiles }],
    design: { ...design, washoutMs: 0 },
    // The tokens of a scripted model say nothing about a budget.
    budgets: { ...budgets, limits: [] },
  };
}

function scripted(provider: Provider): Provider {
  return { ...provider, upstream: UPSTREAM, credential: { mode: "scripted" }, routes: [] };
}
