import type { Clock } from "../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { BudgetAdmission } from "../budgets/budget-admission.ts";
import { BudgetBook } from "../budgets/budget-book.ts";
import { toLimits } from "../budgets/resolve-budgets.ts";
import { sayBudgetEvent } from "../budgets/say-event.ts";
import { SpendingFold, spentSoFar } from "../budgets/spending-fold.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Journal } from "./journal.ts";
import { isCrossing, OtherSpenders } from "./other-spenders.ts";

interface BookParts {
  readonly configuration: Pick<Configuration, "budgets" | "prices">;
  readonly experimentId: string;
  readonly journal: Journal;
  readonly clock: Clock;
  /** The name of this process in its reservations, if other processes work on the same windows. */
  readonly owner?: string;
  /** Prints refusals, thresholds and missing prices. */
  readonly say: (sentence: string) => void;
}

/** Opens the budgets as the ledger has them, with the proxy's admission and the spending of other processes. */
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
      const print = () => {
        const sentence = sayBudgetEvent(event);
        if (sentence !== null) say(sentence);
      };
      if (isCrossing(event)) {
        journal.offer("budgets", [event], { unless: others.unlessRecorded(event), written: print });
        return;
      }
      others.posted(event);
      journal.post("budgets", [event]);
      print();
    },
  });
  const others = new OtherSpenders({ ledger, book, fold, position, ...seen, clock });
  let hasSaid = false;
  // Without the spending of others, a blocking budget admits nothing. The reason is printed once.
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
