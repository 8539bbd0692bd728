import { makePlan } from "../../plan/assignment/make-plan.ts";
import { type Configuration, modelsOf, type Provider } from "../../plan/config/configuration.ts";
import { ModelProfile } from "../../rehearsal/profile.ts";
import type { Experiment } from "./prepare-experiment.ts";

const UPSTREAM = "scripted";

/**
 * The experiment's first task in one window of each provider, with a scripted model instead of every vendor's.
 * @param part `role`: of each team only the first role works.
 */
export function scriptedExperiment(experiment: Experiment, part: "role" | "workflow"): Experiment {
  const configuration = withScriptedModels(experiment.configuration, part);
  const [first] = experiment.plan.sets;
  const tasks = [...experiment.tasks.values()].filter(({ id }) => id === first?.featureId);
  const plan = makePlan(configuration, tasks);
  const sets = plan.sets.slice(0, 1).map(({ hours: _hours, ...set }) => set);
  return {
    configuration,
    tasks: new Map(tasks.map((task) => [task.id, task])),
    plan: { ...plan, sets },
  };
}

function withScriptedModels(
  configuration: Configuration,
  part: "role" | "workflow",
): Configuration {
  const { providers, design, budgets } = configuration;
  const [one, two, ...more] = providers;
  // A review sends work back once, so that the loop is checked too.
  const profile = ModelProfile.parse({ rework_rounds: 1 });
  const profiles = Object.fromEntries(modelsOf(providers).map((model) => [model, profile]));
  const script = (provider: Provider) => scripted(provider, part);
  return {
    ...configuration,
    providers: [script(one), script(two), ...more.map(script)],
    upstreams: [{ name: UPSTREAM, kind: "scripted", profiles }],
    design: { ...design, washoutMs: 0 },
    // The tokens of a scripted model say nothing about a budget.
    budgets: { ...budgets, limits: [] },
  };
}

function scripted(provider: Provider, part: "role" | "workflow"): Provider {
  const { workflow } = provider;
  const first =
    workflow === "solo" || part === "workflow"
      ? workflow
      : { ...workflow, roles: workflow.roles.slice(0, 1) };
  const credential = { mode: "scripted" } as const;
  return { ...provider, workflow: first, upstream: UPSTREAM, credential, routes: [] };
}
