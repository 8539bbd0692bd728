import { sumKnown } from "../../../ledger/domain/sum-known.ts";
import { tokensIn } from "../../../ledger/domain/token-basis.ts";
import { statesAll, statesPrompt, type Usage } from "../../../ledger/domain/usage.ts";
import type { ModelPart } from "../../../ledger/sources/tokens/claude-iterations.ts";
import type { PriceBook } from "../prices/price-book.ts";
import type {
  Admission,
  AdmissionDecision,
  AdmissionRequest,
  Glimpse,
  Refusal,
  Settlement,
} from "../proxy/admission.ts";
import type { AttemptRoute } from "../proxy/routes/route.ts";
import type { BudgetAttempt } from "./budget-attempt.ts";
import type { BudgetBook } from "./budget-book.ts";
import { UNBOUNDED } from "./budget-unit.ts";
import {
  estimateRequest,
  historyAfter,
  type StreamHistory,
  tokensBySize,
} from "./estimate-request.ts";
import { toldRefusal } from "./refusal-sentence.ts";

/** The known cost of requests at a moment. */
type Pricing = Pick<PriceBook, "dollars" | "billableTokens" | "nameAt">;

/** Histories of request streams, by sub-agent and model. */
type Histories = Map<string, StreamHistory>;

/** A request in flight, with the history behind its estimate. */
interface Stream {
  readonly histories: Histories;
  readonly id: string;
  /** The model that the request is sent to, as lists name it. */
  readonly model: string | null;
  readonly upstream: string | null;
  /** Bytes of its body, with a limit on what a picture counts. */
  readonly promptBytes: number;
  /** Tokens of the request, estimated by its size. */
  readonly promptBySize: number;
  /** The most output that it allows; null if it does not say. */
  readonly outputMax: number | null;
}

export interface AdmissionParts {
  readonly pricing?: Pricing;
  readonly nowMs?: () => number;
  /** Receives each sentence for the user once. */
  readonly say?: (sentence: string) => void;
  /** Runs a decision while no other process decides, with all that the others have spent. */
  readonly alone?: <Result>(decide: () => Result) => Result;
}

const PATH_CHARACTERS_SHOWN = 120;
/** How often a waiting request looks at what other processes have settled. */
const LOOK_AGAIN_MS = 100;

const SILENT: Required<AdmissionParts> = {
  pricing: { dollars: () => null, billableTokens: () => null, nameAt: (_, model) => model },
  nowMs: () => 0,
  say: () => undefined,
  alone: (decide) => decide(),
};

/** Answers from the budget book whether the proxy may forward a request. */
export class BudgetAdmission implements Admission {
  readonly #book: BudgetBook;
  readonly #parts: Required<AdmissionParts>;
  readonly #said = new Set<string>();
  readonly #histories = new WeakMap<BudgetAttempt, Histories>();
  readonly #streams = new Map<string, Stream>();
  /** What the requests that wait for others share, until one of those has ended. */
  #waiting: { readonly again: Promise<void>; readonly end: () => void } | null = null;
  /** Present only if a running stream may be cut. */
  readonly observe?: (reservation: string, seen: Glimpse) => Refusal | null;

  constructor(book: BudgetBook, parts: AdmissionParts = {}) {
    this.#book = book;
    this.#parts = { ...SILENT, ...parts };
    if (book.limits.cut !== "hard") return;
    this.observe = (reservation, seen) => this.#glimpse(reservation, seen);
  }

  admit(request: AdmissionRequest): AdmissionDecision {
    return this.#parts.alone(() => this.#decide(request));
  }

  #decide({ route, bodyBytes, subagentId, ...request }: AdmissionRequest): AdmissionDecision {
    const attempt = this.#book.findAttempt(route);
    if (attempt === undefined) {
      return { admitted: false, budget: "closed", sentence: "This run is over." };
    }
    const histories = this.#historiesOf(attempt);
    const asked = request.servedModel ?? request.model;
    const model = asked && this.#parts.pricing.nameAt(request.upstream ?? null, asked);
    const id = JSON.stringify([subagentId, model]);
    const { outputMax = null, promptBytes = bodyBytes } = request;
    const output = this.#book.outputToReserve(attempt.key, outputMax);
    const { tokens, usages } = estimateRequest({ promptBytes, output }, histories.get(id));
    const usd = this.#firstPrice(model, usages);
    if (usd === null) this.#sayUnpriced(model);
    const decision = this.#book.reserve(route, { tokens, usd, model });
    if (!decision.admitted) {
      const { refusal } = decision;
      if (refusal === null) return { admitted: false, again: this.#room() };
      return { admitted: false, ...toldRefusal(refusal) };
    }
    const upstream = request.upstream ?? null;
    const promptBySize = tokensBySize(bodyBytes);
    const stream = { histories, id, model, upstream, promptBytes, promptBySize, outputMax };
    this.#streams.set(decision.reservation, stream);
    return decision;
  }

  /** In `block` mode, work that can't be counted is refused if any limit exists, also the task's own. */
  mayPassUncounted(route: AttemptRoute, asked: string): boolean {
    const { mode, limits } = this.#book.limits;
    const { allowance = UNBOUNDED } = this.#book.findAttempt(route) ?? {};
    const isLimited = Object.values(allowance).some((amount) => amount !== null);
    if (limits.length === 0 && !isLimited) return true;
    // A client chooses the path, and a terminal obeys control characters.
    const shown = asked.replaceAll(/[^\x20-\x7e]/g, "?").slice(0, PATH_CHARACTERS_SHOWN);
    const isRefused = mode === "block";
    const fate = isRefused
      ? "was refused, because a budget holds"
      : "passes, because the mode is warn";
    this.#sayOnce(`${route.window} asked for ${shown}, which no meter can count. It ${fate}.`);
    return !isRefused;
  }

  settle(reservation: string, { usage, parts, ending, outputEstimate, model }: Settlement): void {
    const stream = this.#streams.get(reservation);
    const priced = this.#pricedModel(stream, model);
    const { tokens, usd } = this.#amountsTold(parts ?? asOnePart(usage), priced, stream);
    const { outputMax = null } = stream ?? {};
    const classes = { ...outputOf({ usage, outputEstimate }), outputMax, model: priced };
    if (ending === "unanswered") {
      // No model worked: an upstream's refusal costs nothing, however often the client retries.
      this.#book.settle(reservation, { tokens: tokens ?? 0, usd: usd ?? 0, ...classes });
    } else if (ending === "complete" && statesAll(usage)) {
      this.#remember(stream, usage, tokens);
      this.#book.settle(reservation, { tokens, usd, ...classes });
    } else {
      const seen = this.#seen({ usage, outputEstimate }, stream, priced);
      this.#book.observe(reservation, seen);
      // What came of a cut answer is a lower bound. The reservation counts if it is more.
      const known = ending === "cut" ? { tokens: null, usd: null } : seen;
      this.#book.settle(reservation, { ...known, isEstimated: true, ...classes });
    }
    this.#streams.delete(reservation);
    this.#waiting?.end();
  }

  /** Resolves when a request of this process has ended, or one of another process may have. */
  #room(): Promise<void> {
    if (this.#waiting !== null) return this.#waiting.again;
    const { promise: again, resolve } = Promise.withResolvers<void>();
    const end = (): void => {
      clearTimeout(timer);
      this.#waiting = null;
      resolve();
    };
    const timer = setTimeout(end, LOOK_AGAIN_MS).unref();
    this.#waiting = { again, end };
    return again;
  }

  /** Each model's tokens have their own price, and their own weight in the basis `billable`. */
  #amountsTold(parts: readonly ModelPart[], answered: string | null, stream?: Stream) {
    if (parts.length === 0) return { tokens: null, usd: null };
    const { pricing, nowMs } = this.#parts;
    const amounts = parts.map(({ model, usage }) => {
      const priced = model === null ? answered : pricing.nameAt(stream?.upstream ?? null, model);
      const usd = pricing.dollars(priced, usage, nowMs());
      return { tokens: this.#tokensTold(usage, priced), usd };
    });
    return {
      tokens: sumKnown(amounts.map(({ tokens }) => tokens)),
      usd: sumKnown(amounts.map(({ usd }) => usd)),
    };
  }

  #glimpse(reservation: string, { usage, outputEstimate }: Glimpse): Refusal | null {
    const stream = this.#streams.get(reservation);
    const seen = this.#seen({ usage, outputEstimate }, stream, stream?.model ?? null);
    const refusal = this.#book.glimpse(reservation, seen);
    return refusal && toldRefusal(refusal);
  }

  /** Returns the known usage of an answer, including input and output that it has not stated itself. */
  #seen(
    { usage, outputEstimate }: Pick<Settlement, "usage" | "outputEstimate">,
    stream: Stream | undefined,
    model: string | null,
  ) {
    const { output = 0, ...told } = usage ?? { requests: 1 };
    const input_uncached = statesPrompt(told)
      ? (told.input_uncached ?? 0)
      : (stream?.promptBySize ?? 0);
    const whole = { ...told, input_uncached, output: Math.max(output, outputEstimate ?? 0) };
    const tokens = this.#tokensTold(whole, model) ?? 0;
    return { tokens, usd: this.#parts.pricing.dollars(model, whole, this.#parts.nowMs()) };
  }

  /** Returns the model that answered if it has a price, otherwise the requested one: a vendor may rename it. */
  #pricedModel(stream: Stream | undefined, answered: string | null): string | null {
    const asked = stream?.model ?? null;
    if (answered === null) return asked;
    const { pricing, nowMs } = this.#parts;
    const name = pricing.nameAt(stream?.upstream ?? null, answered);
    const probe = { input_uncached: 1, output: 1, requests: 1 };
    return name === asked || pricing.dollars(name, probe, nowMs()) === null ? asked : name;
  }

  /** Returns null if the usage states neither input nor output: that is unknown, not 0. */
  #tokensTold(usage: Usage, model: string | null): number | null {
    if (usage.input_uncached === undefined && usage.output === undefined) return null;
    const { basis } = this.#book.limits;
    if (basis !== "billable") return tokensIn(basis, usage);
    const billable = this.#parts.pricing.billableTokens(model, usage, this.#parts.nowMs());
    if (billable === null) {
      this.#sayOnce(
        `${model ?? "A model"} has no price. In the basis billable, all of its tokens count in full.`,
      );
    }
    return billable ?? tokensIn("all", usage);
  }

  #firstPrice(model: string | null, usages: readonly Usage[]): number | null {
    for (const usage of usages) {
      const usd = this.#parts.pricing.dollars(model, usage, this.#parts.nowMs());
      if (usd !== null) return usd;
    }
    return null;
  }

  #sayUnpriced(model: string | null): void {
    const { mode, limits } = this.#book.limits;
    if (mode === "block" || limits.every(({ unit }) => unit !== "usd")) return;
    this.#sayOnce(
      `${model ?? "A model"} has no price. The cost of its requests is unknown and counts in no dollar budget.`,
    );
  }

  #sayOnce(sentence: string): void {
    if (this.#said.has(sentence)) return;
    this.#said.add(sentence);
    this.#parts.say(sentence);
  }

  #remember(stream: Stream | undefined, usage: Usage | null, tokens: number | null): void {
    if (stream === undefined || usage === null || tokens === null) return;
    const { histories, id, promptBytes } = stream;
    histories.set(id, historyAfter({ usage, tokens, promptBytes }, histories.get(id)));
  }

  #historiesOf(attempt: BudgetAttempt): Histories {
    const histories = this.#histories.get(attempt) ?? new Map<string, StreamHistory>();
    this.#histories.set(attempt, histories);
    return histories;
  }
}

/** The usage of an answer as the book takes it, and how much output came. */
function outputOf({ usage, outputEstimate }: Pick<Settlement, "usage" | "outputEstimate">) {
  const output = Math.max(usage?.output ?? 0, outputEstimate ?? 0);
  return { usage: usage ?? undefined, output };
}

function asOnePart(usage: Usage | null): readonly ModelPart[] {
  return usage === null ? [] : [{ model: null, usage }];
}
