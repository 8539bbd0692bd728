import type { GateFile } from "../../reports/decisions/gate-file.ts";
import type { StratumField } from "../assignment/stratum-of.ts";
import type { ResolvedBudgets } from "../budgets/resolve-budgets.ts";
import type { FoundPlan } from "../prices/plan-price.ts";
import type { PriceBook } from "../prices/price-book.ts";
import type { RouteCondition } from "../proxy/routes/route.ts";
import type { ModelProfile } from "../rehearsal/profile.ts";
import type { CostMeasure } from "./cost-measure.ts";

/** One way to get work done, resolved: every default filled in. */
export interface Provider {
  readonly id: string;
  readonly driver: string;
  readonly vendor: string;
  readonly model: string;
  readonly upstream: string;
  readonly credential: Credential;
  readonly workflow: "solo";
  /** Where some of its requests go instead, in the order of the file. */
  readonly routes: readonly ProviderRoute[];
  /** How its agent reaches the proxy. */
  readonly via: "base-url" | "mitm";
  /** The subscription that pays for its own upstream; absent where every token is paid for. */
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

/** How requests of a provider are authenticated towards its upstream. */
export type Credential =
  | { readonly mode: "inherit" }
  | {
      readonly mode: "variable";
      readonly variable: string;
      readonly header: "x-api-key" | "bearer";
    }
  | { readonly mode: "scripted" };

export type Upstream =
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

/** Everything a run needs to know, from command line, environment, file and defaults. */
export interface Configuration {
  /** Absolute path of the file it came from; null for the rehearsal. */
  readonly file: string | null;
  /** The same as the command line would name it from the folder that it was called in. */
  readonly givenFile: string | null;
  readonly name: string;
  readonly seed: string;
  readonly bank: string;
  readonly include: readonly string[];
  readonly replicates: number;
  /** The baseline first, then the candidates in the order of the file. */
  readonly providers: readonly [Provider, Provider, ...Provider[]];
  readonly upstreams: readonly Upstream[];
  readonly design: {
    readonly blockSize: number;
    /** The facts of tasks whose combinations are the strata. */
    readonly strata: readonly StratumField[];
    readonly washoutMs: number;
    readonly concurrency: number;
  };
  readonly limits: {
    /** Caps the wall time of every window; the task's own `timeout_s` holds where it is shorter. */
    readonly windowMs: number | null;
    readonly idleMs: number;
    /** Requests of one window that may start in a second; more wait. null: no limit. */
    readonly requestsPerS: number | null;
    /** Where each came from, e.g. `file experiment.yaml`. */
    readonly origins: Readonly<Record<"windowMs" | "idleMs" | "requestsPerS", string>>;
  };
  readonly budgets: ResolvedBudgets;
  /** What models cost: the user's own prices, then those that come with the product. */
  readonly prices: PriceBook;
  /** What is compared. It belongs to the question, and where it is dollars, so do the prices. */
  readonly cost: CostMeasure;
  /** Whether whole windows are compared or only their sub-agents' requests. */
  readonly costScope: "window" | "subagents";
  /** The thresholds that decide. They belong to the question: a change is an amendment. */
  readonly gates: GateFile;
  /** Two counts of the same tokens that differ by more than this share of the larger are divergent. */
  readonly divergenceShare: number;
}

/** Whether every model of the experiment is scripted, so that it says nothing about real ones. */
export function isScripted(configuration: Configuration): boolean {
  return configuration.providers.every(({ credential }) => credential.mode === "scripted");
}
