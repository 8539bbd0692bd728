import type { Clock } from "../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { BudgetAdmission } from "../budgets/budget-admission.ts";
import { BudgetBook } from "../budgets/budget-book.ts";
import { toLimits } from "../budgets/resolve-budgets.ts";
import { sayBudgetEvent } from "../budgets/say-event.ts";
import { SpendingFold } from "../budgets/spending-fold.ts";
import { spentSoFar } from "../budgets/spent-so-far.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Journal } from "./journal.ts";
import { isCrossing, OtherSpenders } from "./other-spenders.ts";

interface BookParts {
  readonly configuration: Pick<Configuration, "budgets" | "prices">;
  readonly experimentId: string;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Names this process in its reservations, where it is not the only one on its windows. */
  readonly owner?: string;
  /** Takes what the terminal is told: refusals, thresholds, what has no price. */
  readonly say: (sentence: string) => void;
}

/** The budgets as the ledger leaves them, what the proxy asks of them, and what others spend meanwhile. */
export function openBook({ configuration, experimentId, journal, clock, owner, say }: BookParts): {
  readonly book: BudgetBook;
  readonly admission: BudgetAdmission;
  readonly others: OtherSpenders;
} {
  const { prices: pricing, budgets } = configuration;
  const { ledger } = journal;
  const limits = toLimits(budgets);
  const fold = new SpendingFold({ experimentId, basis: limits.basis, pricing });
  const { rows, end: position } = ledger.readFrom("budgets");
  const seen = { lastSeq: 0 };
  const spent = spentSoFar(noting(rows, seen), fold);
  const book = new BudgetBook({
    limits,
    spent,
    clock,
    ...(owner === undefined ? {} : { owner }),
    onEvent: (event) => {
      const tell = () => {
        const sentence = sayBudgetEvent(event);
        if (sentence !== null) say(sentence);
      };
      if (isCrossing(event)) {
        journal.offer("budgets", [event], { unless: others.unlessTold(event), written: tell });
        return;
      }
      others.posted(event);
      journal.post("budgets", [event]);
      tell();
    },
  });
  const others = new OtherSpenders({ ledger, book, fold, position, ...seen, clock });
  let hasSaid = false;
  // Where what others spent can't be read, nothing that a budget may block is let through; who watches is told why, once.
  const catchUp = () => {
    try {
      others.catchUpAtTimes();
    } catch (error) {
      if (!hasSaid && error instanceof CounterbalanceError) say(error.message);
      hasSaid = true;
      if (limits.mode === "block") throw error;
    }
  };
  const nowMs = () => clock.nowMs();
  return { book, others, admission: new BudgetAdmission(book, { pricing, nowMs, say, catchUp }) };
}

function* noting(rows: Iterable<Row>, seen: { lastSeq: number }): Generator<Row> {
  for (const row of rows) {
    seen.lastSeq = row.seq;
    yield row;
  }
}
