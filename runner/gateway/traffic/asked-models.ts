import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";

/** What the configuration names: the provider's model, and those that its routes put in its place. */
export interface NamedModels {
  readonly model?: string;
  readonly routes?: readonly { readonly name: string; readonly model: string | null }[];
}

/** A model that its vendor does not know. */
export interface UnknownModel {
  readonly model: string;
  /** What the vendor answered. */
  readonly status: number;
  readonly error: string;
  /** Whether the configuration names it. Others are names that agents ask for by themselves. */
  readonly isNamed: boolean;
  /** Monotonic milliseconds. */
  readonly sinceMs: number;
}

const NOT_FOUND = 404;
/** Anthropic's and Google's names of the error; OpenAI's says it with any status. */
const NOT_FOUND_ERRORS: ReadonlySet<string | null> = new Set(["not_found_error", "NOT_FOUND"]);
const MODEL_NOT_FOUND = "model_not_found";

/** Learns from the answers to an attempt's requests which models their vendors know. */
export class AskedModels {
  readonly #named: NamedModels;
  readonly #known = new Set<string>();
  #unknown: UnknownModel | null = null;

  constructor(named: NamedModels) {
    this.#named = named;
  }

  note(request: ProxiedRequest, nowMs: number): void {
    const { status, error } = request;
    const asked = this.#asked(request);
    if (asked === null) return;
    if (status === 200) this.#known.add(asked.model);
    if (status === null || error === null || !saysUnknown(request)) return;
    if (this.#unknown === null || (asked.isNamed && !this.#unknown.isNamed)) {
      this.#unknown = { ...asked, status, error, sinceMs: nowMs };
    }
  }

  /** The unknown model that no request of the attempt can do without; null if there is none. */
  unknown(): UnknownModel | null {
    const unknown = this.#unknown;
    if (unknown === null || this.#known.has(unknown.model)) return null;
    return unknown.isNamed || this.#known.size === 0 ? unknown : null;
  }

  /** The name that the vendor got. */
  #asked({ routed_by: rule, requested_model: requested }: ProxiedRequest) {
    const { model: own, routes = [] } = this.#named;
    const routed = routes.find(({ name }) => name === rule)?.model ?? null;
    if (routed !== null) return { model: routed, isNamed: true };
    return requested === null ? null : { model: requested, isNamed: requested === own };
  }
}

function saysUnknown({ status, error }: ProxiedRequest): boolean {
  return error === MODEL_NOT_FOUND || (status === NOT_FOUND && NOT_FOUND_ERRORS.has(error));
}
