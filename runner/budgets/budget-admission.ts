import { tokensIn } from "../../ledger/domain/token-basis.ts";
import type { Usage } from "../../ledger/domain/usage.ts";
import type {
  Admission,
  AdmissionDecision,
  AdmissionRequest,
  Settlement,
} from "../proxy/admission.ts";
import type { BudgetAttempt } from "./budget-attempt.ts";
import type { BudgetBook } from "./budget-book.ts";
import { estimateRequest, extendHistory, type StreamHistory } from "./estimate-request.ts";
import { refusalSentence } from "./refusal-sentence.ts";

/** By sub-agent and model: requests that grow from one another. */
type Histories = Map<string, StreamHistory>;

/** What the proxy asks before it forwards a request, answered from the budget book. */
export class BudgetAdmission implements Admission {
  readonly #book: BudgetBook;
  readonly #histories = new WeakMap<BudgetAttempt, Histories>();
  readonly #streams = new Map<string, { readonly histories: Histories; readonly id: string }>();

  constructor(book: BudgetBook) {
    this.#book = book;
  }

  admit({ route, bodyBytes, subagentId, model }: AdmissionRequest): AdmissionDecision {
    const attempt = this.#book.findAttempt(route);
    if (attempt === undefined) {
      return { admitted: false, budget: "closed", sentence: "This run is over." };
    }
    const histories = this.#historiesOf(attempt);
    const id = JSON.stringify([subagentId, model]);
    const decision = this.#book.reserve(route, estimateRequest(bodyBytes, histories.get(id)));
    if (!decision.admitted) {
      const { refusal } = decision;
      return { admitted: false, budget: refusal.name, sentence: refusalSentence(refusal) };
    }
    this.#streams.set(decision.reservation, { histories, id });
    return decision;
  }

  settle(reservation: string, { usage, ending, outputEstimate }: Settlement): void {
    const told = usage === null ? null : this.#tokensTold(usage);
    const classes = usage ?? undefined;
    if (ending === "complete") {
      if (usage !== null && told !== null) this.#remember(reservation, usage);
      this.#book.settle(reservation, told, classes);
    } else if (ending === "cut") {
      // What was told is a lower bound: the reservation's estimate counts where it is more.
      const unsaid = Math.max(0, (outputEstimate ?? 0) - (usage?.output ?? 0));
      this.#book.observe(reservation, (told ?? 0) + unsaid);
      this.#book.settle(reservation, null, classes);
    } else {
      // No model worked: an upstream's refusal costs nothing, however often it is tried again.
      this.#book.settle(reservation, told ?? 0, classes);
    }
    this.#streams.delete(reservation);
  }

  /** null where the usage says neither input nor output: that is unknown, not 0. */
  #tokensTold(usage: Usage): number | null {
    if (usage.input_uncached === undefined && usage.output === undefined) return null;
    return tokensIn(this.#book.limits.basis, usage);
  }

  #remember(reservation: string, usage: Usage): void {
    const stream = this.#streams.get(reservation);
    if (stream === undefined) return;
    const { histories, id } = stream;
    const { basis } = this.#book.limits;
    histories.set(id, extendHistory(histories.get(id), { usage, basis }));
  }

  #historiesOf(attempt: BudgetAttempt): Histories {
    const histories = this.#histories.get(attempt) ?? new Map<string, StreamHistory>();
    this.#histories.set(attempt, histories);
    return histories;
  }
}
