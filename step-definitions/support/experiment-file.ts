import { stringify } from "yaml";

import { shortBank } from "./short-bank.ts";

export { PROVIDER_KEY } from "./provider-key.ts";

/** The name by which the specs' experiments call their own model server, and its key's variable. */
const SERVER = "server";
export const KEY_VARIABLE = "MODEL_KEY";

interface ProviderParts {
  readonly driver: string;
  readonly model: string;
  readonly upstream?: string;
  readonly auth?: string;
  readonly workflow?: string;
  /** With the driver `command`: the program, and what the harness has to know about it. */
  readonly command?: readonly string[];
  readonly agent?: Readonly<Record<string, unknown>>;
}

/** The parts of an `experiment.yaml` that specs vary. */
export interface ExperimentParts {
  readonly task: string;
  readonly providers: Readonly<Record<string, ProviderParts>>;
  readonly seed?: string;
  readonly bank?: string;
  /** Address of the scenario's own model server. */
  readonly serverUrl?: string;
  /** Profile of the built-in scripted model. */
  readonly profile?: Readonly<Record<string, number | boolean>>;
  readonly washoutS?: number;
}

/** A provider that asks the scenario's own model server. */
export function onServer(driver: string, model: string): ProviderParts {
  return { driver, model, upstream: SERVER };
}

const SCRIPTED_MODELS = ["scripted-model", "other-model"] as const;

/** A provider that asks the scripted model that the run starts itself, or the other one, which plays the same. */
export function onScriptedModel(driver: string, isOther = false): ProviderParts {
  return { driver, model: SCRIPTED_MODELS[isOther ? 1 : 0], upstream: "scripted" };
}

export function experimentFile(parts: ExperimentParts): string {
  const { serverUrl, seed, profile = {}, washoutS = 0 } = parts;
  const server =
    serverUrl === undefined
      ? {}
      : { [SERVER]: { base_url: serverUrl, auth: `env ${KEY_VARIABLE}` } };
  const played = Object.fromEntries(SCRIPTED_MODELS.map((model) => [model, profile]));
  return stringify({
    name: "spec",
    ...(seed === undefined ? {} : { seed }),
    tasks: { bank: parts.bank ?? shortBank(), include: [parts.task] },
    providers: parts.providers,
    design: { washout_s: washoutS },
    upstreams: { scripted: { scripted: played }, ...server },
  });
}
