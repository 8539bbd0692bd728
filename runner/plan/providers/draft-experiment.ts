import { stepsOf } from "../../gateway/prices/request-dollars.ts";
import { SHIPPED_PRICES } from "../../gateway/prices/shipped-prices.ts";
import { vendorNamed, vendorOfHost } from "../../gateway/proxy/vendors.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { secretPartOf } from "../config/address-secret.ts";
import type { SurveyedAgent } from "./survey-agents.ts";

/** One of the providers that `init` writes. */
interface DraftProvider {
  readonly name: string;
  readonly agent: SurveyedAgent;
  readonly model: string;
}

/** A comparison that this machine's agents allow. The baseline comes first. */
export type Comparison = readonly [DraftProvider, DraftProvider];

/** An upstream that the environment names. */
export interface Gateway {
  readonly name: string;
  readonly vendor: string;
  readonly baseUrl: string;
  readonly auth: string;
  readonly header?: "bearer";
}

/** Two models of one agent, for each agent that names two. */
export function modelsOf(agent: SurveyedAgent): Comparison | undefined {
  const { models } = agent.driver;
  if (models === undefined) return undefined;
  const [dearer, cheaper] = models;
  const names = models.map(shortName);
  const isClear = names[0] !== names[1];
  return [
    { name: isClear ? shortName(dearer) : dearer, agent, model: dearer },
    { name: isClear ? shortName(cheaper) : cheaper, agent, model: cheaper },
  ];
}

/** Two agents, each with the first of its models. */
export function agentsOf(first: SurveyedAgent, second: SurveyedAgent): Comparison | undefined {
  const [one] = first.driver.models ?? [];
  const [other] = second.driver.models ?? [];
  if (one === undefined || other === undefined) return undefined;
  return [
    { name: first.driver.name, agent: first, model: one },
    { name: second.driver.name, agent: second, model: other },
  ];
}

/** The last word of a model's name, such as `haiku` for `claude-haiku-4-5`. */
function shortName(model: string): string {
  return model.split("-").findLast((part) => /^[a-z]+$/u.test(part)) ?? model;
}

const GATEWAYS = [
  { vendor: "anthropic", variable: "ANTHROPIC_BASE_URL", key: "ANTHROPIC_API_KEY" },
  { vendor: "openai", variable: "OPENAI_BASE_URL", key: "OPENAI_API_KEY" },
] as const;

/**
 * The upstreams that the environment names by the variables that clients know.
 * @throws ConfigurationError if an address holds a secret.
 */
export function gatewaysIn({ variables }: Pick<Environment, "variables">): readonly Gateway[] {
  return GATEWAYS.flatMap(({ vendor, variable, key }): Gateway[] => {
    const given = variables[variable] ?? "";
    const address = URL.parse(given);
    if (address === null) return [];
    const secret = secretPartOf(given);
    if (secret !== null) {
      throw new ConfigurationError(
        `${variable}: expected an address without user, password, query, fragment and key, got ${secret}. The address would be in a file. Set it without, and put the key into ${key}.`,
      );
    }
    // Clients of OpenAI's APIs add the rest of the path to an address with the version.
    const baseUrl = address.href.replace(/\/+$/u, "").replace(/\/v1$/u, "");
    const name = `${vendor}-gateway`;
    const owner = vendorOfHost(address.hostname);
    if (owner !== undefined && owner.name !== vendor) {
      return [{ name, vendor, baseUrl, auth: `env ${owner.keyVariable}` }];
    }
    const hasToken = vendor === "anthropic" && (variables["ANTHROPIC_AUTH_TOKEN"] ?? "") !== "";
    return hasToken
      ? [{ name, vendor, baseUrl, auth: "env ANTHROPIC_AUTH_TOKEN", header: "bearer" }]
      : [{ name, vendor, baseUrl, auth: `env ${key}` }];
  });
}

const PER_MILLION = 1e6;

/** The most dollars that so many tokens of a model can cost; null if its price is not known. */
export function dearest(model: string, tokens: number): number | null {
  const price = SHIPPED_PRICES.models[model];
  if (price === undefined) return null;
  const steps = [price, ...stepsOf(price)];
  const dollars = Math.max(
    ...steps.flatMap(({ input, output, cache_write_1h: written = 0 }) => [input, output, written]),
  );
  return (tokens * dollars) / PER_MILLION;
}

/** Everything that the file says. */
export interface Draft {
  /** The JSON Schema, relative to the file. */
  readonly schema: string;
  readonly bank: string;
  readonly comparison: Comparison;
  readonly gateways: readonly Gateway[];
  /** Dollars a month for each driver whose log-in is a subscription. */
  readonly plans: ReadonlyMap<string, number>;
  readonly overall: { readonly usd: number } | { readonly tokens: number };
}

/** The text of `experiment.yaml`. */
export function writeDraft(draft: Draft): string {
  const { schema, bank, comparison, overall } = draft;
  const [unit, amount] = Object.entries(overall)[0] ?? ["tokens", 0];
  return `# yaml-language-server: $schema=${schema}
# An experiment: every task to every provider, in a seeded, counter-balanced order.
# "experiment plan" shows what it would do; "experiment run" does it.
name: my-experiment
seed: "42"                     # always a text in quotes; draws the order

tasks:
  bank: ${bank.padEnd(23)}# builtin, or a folder of your own tasks, relative to this file
  include: ["*"]               # ids or patterns, e.g. [lru-cache, "room-*"]
  replicates: 1                # how often every provider gets every task

# Two ways to get work done that you could pay for.
# auth: inherit is the client's own log-in; auth: env NAME is a key in an environment variable.
providers:
${comparison.map((provider) => providerLine(provider, draft)).join("\n")}
baseline: ${comparison[0].name}

${upstreamLines(draft.gateways).join("\n")}

budgets:
  mode: block                  # warn: only say so
  basis: uncached              # all: cache reads count too
  overall: { ${unit}: ${String(amount)} }        # the whole run ends before it takes more

limits: { window_minutes: 30, idle_minutes: 5 }
`;
}

function providerLine({ name, agent, model }: DraftProvider, draft: Draft): string {
  const { driver } = agent;
  const gateway = draft.gateways.find(({ vendor }) => vendor === driver.vendor);
  const usd = draft.plans.get(driver.name) ?? 0;
  const fields = [
    `driver: ${driver.name}`,
    `vendor: ${driver.vendor}`,
    `model: ${model}`,
    gateway === undefined
      ? `auth: ${agent.auth ?? fallbackAuth(agent)}`
      : `upstream: ${gateway.name}`,
    ...(usd === 0 ? [] : [`plan: { usd: ${String(usd)}, per_days: 30, meter: weekly }`]),
  ];
  return `  ${name}: { ${fields.join(", ")} }`;
}

/** The credential that is still to come. */
function fallbackAuth({ driver }: SurveyedAgent): string {
  if (driver.findLogin !== undefined) return "inherit";
  return `env ${vendorNamed(driver.vendor)?.keyVariable ?? "API_KEY"}`;
}

function upstreamLines(gateways: readonly Gateway[]): readonly string[] {
  if (gateways.length > 0) {
    return [
      "# The addresses that your environment names.",
      "upstreams:",
      ...gateways.map(({ name, baseUrl, auth, header }) => {
        const further = header === undefined ? "" : `, header: ${header}`;
        return `  ${name}: { base_url: "${baseUrl}", auth: ${auth}${further} }`;
      }),
    ];
  }
  return [
    "# Any endpoint that speaks the API of a driver can be an upstream of a provider:",
    "# upstreams:",
    "#   local: { base_url: http://127.0.0.1:8080, auth: env LOCAL_API_KEY, header: bearer }",
  ];
}
