import { stringify } from "yaml";

import { shortBank } from "./short-bank.ts";

const UPSTREAM = "models";
export const SMALL_MODELS = ["model-a", "model-b"] as const;
export const [SMALL_MODEL] = SMALL_MODELS;

/** What a small experiment may differ in. */
interface SmallExperiment {
  readonly bank?: string;
  readonly features?: readonly string[];
  readonly replicates?: number;
  readonly concurrency?: number;
  /** How many windows of a provider may run at once. */
  readonly windows?: number;
  readonly names?: readonly string[];
  readonly models?: readonly string[];
  /** Output tokens of one answer of the scripted model. */
  readonly answerTokens?: number;
  /** How long the scripted model thinks before each answer. */
  readonly latencyMs?: number;
  /** An upstream of the spec's own, instead of the scripted one. */
  readonly upstream?: { readonly url: string; readonly keyVariable: string };
}

/** `experiment.yaml` of two providers behind the built-in agent, whose models differ in nothing but their names. */
export function smallExperiment(changes: SmallExperiment = {}): string {
  const {
    bank = shortBank(),
    features = ["lru-cache"],
    replicates = 1,
    concurrency = 1,
    windows = concurrency === 1 ? undefined : concurrency,
    names = ["first", "second"],
    models = SMALL_MODELS,
    answerTokens = 500,
    latencyMs,
    upstream,
  } = changes;
  // An undefined setting is not written.
  const provider = { driver: "builtin-agent", upstream: UPSTREAM, windows };
  const profile = {
    output_tokens: answerTokens,
    output_spread: 0,
    tokens_per_second: 10_000_000,
    latency_ms: latencyMs,
  };
  const scripted = Object.fromEntries(models.map((model) => [model, profile]));
  return stringify({
    name: "small",
    tasks: { bank, include: features, replicates },
    providers: Object.fromEntries(
      names.map((name, index) => [name, { ...provider, model: models[index] }]),
    ),
    upstreams: {
      [UPSTREAM]:
        upstream === undefined
          ? { scripted }
          : { base_url: upstream.url, auth: `env ${upstream.keyVariable}` },
    },
    design: { concurrency },
  });
}

/** The same of a table with a setting a line. */
export function smallExperimentWith(settings: readonly (readonly string[])[]): string {
  return smallExperiment(Object.assign({}, ...settings.map(changeOf)));
}

function changeOf([setting = "", said = ""]: readonly string[]): SmallExperiment {
  const changes: Readonly<Record<string, SmallExperiment>> = {
    bank: { bank: said },
    tasks: { features: said.split(", ") },
    replicates: { replicates: Number(said) },
    concurrency: { concurrency: Number(said) },
    "windows of a provider": { windows: Number(said) },
    providers: { names: said.split(", ") },
    models: { models: said.split(", ") },
    "tokens of an answer": { answerTokens: Number(said) },
    "ms before an answer": { latencyMs: Number(said) },
  };
  const change = changes[setting];
  if (change === undefined) throw new Error(`A small experiment has no setting "${setting}".`);
  return change;
}
