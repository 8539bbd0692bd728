import type { GateFile } from "../../../reports/looks/gate-file.ts";
import type { CommandAgent } from "../../agents/drivers/command-file.ts";
import type { ResolvedBudgets } from "../../gateway/budgets/resolve-budgets.ts";
import type { PriceBook } from "../../gateway/prices/price-book.ts";
import type { FoundPlan } from "../../gateway/prices/price-list.ts";
import type { DialectName } from "../../gateway/proxy/dialects/dialect.ts";
import type { NetworkPolicy } from "../../gateway/proxy/network/network-policy.ts";
import type { RouteCondition } from "../../gateway/proxy/routes/route.ts";
import type { KeyHeader } from "../../gateway/proxy/vendors.ts";
import type { ModelProfile } from "../../rehearsal/profile.ts";
import type { Role } from "../../teams/workflow-file.ts";
import type { CostMeasure } from "./cost-measure.ts";
import type { StratumField } from "./experiment-fields.ts";

/** How the work of a window is shared: an agent works alone, or roles work in their order. */
export type Workflow = "solo" | Team;

export interface Team {
  /** As the file names it. */
  readonly name: string;
  readonly roles: readonly Role[];
}

/** A provider with every default filled in. */
export interface Provider {
  readonly id: string;
  readonly driver: string;
  /** The API that its agent speaks; absent: the driver's first. */
  readonly dialect?: DialectName;
  /** The user's own agent; absent for every other driver. */
  readonly command?: CommandAgent;
  readonly vendor: string;
  readonly model: string;
  readonly upstream: string;
  readonly credential: Credential;
  readonly workflow: Workflow;
  /** How many of its windows may run at the same time; absent: one, or as many as the workers of a store take. */
  readonly windows?: number;
  /** Rules that send some of its requests elsewhere, in the order of the file. */
  readonly routes: readonly ProviderRoute[];
  /** How its agent reaches the proxy. */
  readonly via: "base-url" | "mitm";
  /** The subscription that pays for its own upstream; absent if every token is paid for. */
  readonly plan?: FoundPlan;
}

/** One routing rule of a provider. */
export interface ProviderRoute {
  /** The route's name and the rule's place in it, e.g. `subagents-to-glm[0]`. */
  readonly name: string;
  readonly when: RouteCondition;
  readonly upstream: string;
  readonly credential: Credential;
  readonly model: string | null;
}

/** Limits on an agent and everything that it starts; null means no limit. */
export interface ResourceLimits {
  readonly cpus: number | null;
  readonly memoryBytes: number | null;
  readonly processes: number | null;
}

/** How requests of a provider authenticate at its upstream. */
export type Credential =
  | { readonly mode: "inherit" }
  | { readonly mode: "variable"; readonly variable: string; readonly header: KeyHeader }
  | { readonly mode: "scripted" };

export type ConfiguredUpstream =
  | {
      readonly name: string;
      readonly kind: "remote";
      readonly baseUrl: string;
      readonly requestsPerS?: number | undefined;
    }
  | {
      readonly name: string;
      readonly kind: "scripted";
      readonly requestsPerS?: number | undefined;
      readonly profiles: Readonly<Record<string, ModelProfile>>;
    };

/** The whole configuration of a run, from command line, environment, file and defaults. */
export interface Configuration {
  /** Absolute path of the configuration file; null for the rehearsal. */
  readonly file: string | null;
  /** The same path relative to the current folder. */
  readonly givenFile: string | null;
  readonly name: string;
  readonly seed: string;
  /** Whether both arms are the baseline. */
  readonly isAgainstItself: boolean;
  readonly bank: string;
  readonly include: readonly string[];
  readonly replicates: number;
  /** The baseline first, then the candidates in the order of the file. */
  readonly providers: readonly [Provider, Provider, ...Provider[]];
  readonly upstreams: readonly ConfiguredUpstream[];
  readonly design: {
    readonly blockSize: number;
    /** The facts of tasks whose combinations are the strata. */
    readonly strata: readonly StratumField[];
    readonly washoutMs: number;
    readonly concurrency: number;
    /** Whether the file says how many tasks run at the same time. */
    readonly isConcurrencyGiven: boolean;
  };
  readonly limits: {
    /** The cap on the wall time of every window. A task's own `timeout_s` holds if it is shorter. */
    readonly windowMs: number | null;
    readonly idleMs: number;
    /** Requests of one window that may start per second; further ones wait. null means no limit. */
    readonly requestsPerS: number | null;
    /** The origin of each limit, e.g. `file experiment.yaml`. */
    readonly origins: Readonly<Record<"windowMs" | "idleMs" | "requestsPerS", string>>;
  };
  /** What each agent may use of the machine; the same for all providers. */
  readonly resources: ResourceLimits;
  /** Whether a run is refused if agents would have no sandbox. */
  readonly network: NetworkPolicy;
  readonly isolation: "preferred" | "required";
  /** What agents send about their use besides the proxy's count. */
  readonly telemetry: "none" | "otlp";
  readonly budgets: ResolvedBudgets;
  /** Prices of models: the user's own, then those shipped with the product. */
  readonly prices: PriceBook;
  /** The measure of cost. It belongs to the question, and with dollars the prices do too. */
  readonly cost: CostMeasure;
  /** Whether whole windows are compared or only their sub-agents' requests. */
  readonly costScope: "window" | "subagents";
  /** The thresholds of the decision. They belong to the question: a change is an amendment. */
  readonly gates: GateFile;
  /** Two counts of the same tokens are divergent if they differ by more than this share of the larger one. */
  readonly divergenceShare: number;
}

/** Whether every model is scripted, so that the experiment says nothing about real models. */
export function isScripted(configuration: Configuration): boolean {
  return configuration.providers.every(({ credential }) => credential.mode === "scripted");
}

/** The roles that share the work of a provider's windows; null for an agent that works alone. */
export function teamOf(providers: readonly Provider[], id: string): Team | null {
  const workflow = providers.find((provider) => provider.id === id)?.workflow;
  return workflow === undefined || workflow === "solo" ? null : workflow;
}

/** The models of providers and of the roles in their teams. */
export function modelsOf(
  providers: readonly Pick<Provider, "model" | "workflow">[],
): readonly string[] {
  const models = providers.flatMap(({ model, workflow }) => [
    model,
    ...(workflow === "solo" ? [] : workflow.roles.flatMap((role) => role.model ?? [])),
  ]);
  return [...new Set(models)];
}

/** How many roles share the work. The limits of a task are made for one agent, and each role of a team has as much. */
export function rolesIn({ workflow }: Pick<Provider, "workflow">): number {
  return workflow === "solo" ? 1 : workflow.roles.length;
}

/** The same by a provider's id; 1 for a provider that no configuration has any more. */
export function rolesOf(providers: readonly Provider[]): (id: string) => number {
  const roles = new Map(providers.map((provider) => [provider.id, rolesIn(provider)]));
  return (id) => roles.get(id) ?? 1;
}
