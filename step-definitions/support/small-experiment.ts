import { stringify } from "yaml";

import { shortBank } from "./short-bank.ts";

const UPSTREAM = "models";
const MODEL = "model-a";
const OTHER_MODEL = "model-b";

/** What a small experiment may differ in. */
interface SmallExperiment {
  readonly features?: readonly string[];
  readonly replicates?: number;
  readonly concurrency?: number;
  /** How many windows of a provider may run at once. */
  readonly windows?: number;
  readonly secondModel?: string;
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
    features = ["lru-cache"],
    replicates = 1,
    concurrency = 1,
    answerTokens = 500,
    upstream,
    latencyMs,
    secondModel = OTHER_MODEL,
  } = changes;
  const atOnce = changes.windows ?? (concurrency === 1 ? undefined : concurrency);
  const windows = atOnce === undefined ? {} : { windows: atOnce };
  const provider = { driver: "builtin-agent", model: MODEL, upstream: UPSTREAM, ...windows };
  const profile = {
    output_tokens: answerTokens,
    output_spread: 0,
    tokens_per_second: 10_000_000,
    ...(latencyMs === undefined ? {} : { latency_ms: latencyMs }),
  };
  return stringify({
    name: "small",
    tasks: { bank: shortBank(), include: features, replicates },
    providers: { first: provider, second: { ...provider, model: secondModel } },
    upstreams: {
      [UPSTREAM]:
        upstream === undefined
          ? { scripted: { [MODEL]: profile, [secondModel]: profile } }
          : { base_url: upstream.url, auth: `env ${upstream.keyVariable}` },
    },
    design: { concurrency },
  });
}

export const SMALL_MODEL = MODEL;
export const SMALL_MODELS = [MODEL, OTHER_MODEL] as const;
