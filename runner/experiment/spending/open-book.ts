import type { Clock } from "../../../ledger/domain/clock.ts";
import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import type { Row } from "../../../ledger/domain/row.ts";
import { BudgetAdmission } from "../../gateway/budgets/budget-admission.ts";
import { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { toLimits } from "../../gateway/budgets/resolve-budgets.ts";
import { sayBudgetEvent } from "../../gateway/budgets/say-event.ts";
import { SpendingFold, spentSoFar } from "../../gateway/budgets/spending-fold.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { AheadRows, type BudgetCounter } from "./budget-counter.ts";
import type { Journal } from "./journal.ts";
import { isCrossing, OtherSpenders } from "./other-spenders.ts";

interface BookParts {
  readonly configuration: Pick<Configuration, "budgets" | "prices">;
  readonly experimentId: string;
  readonly journal: Journal;
  readonly counter: BudgetCounter;
  /** Whether the overall budget counts a row of another experiment; by default of none. */
  readonly isOverall?: (row: Readonly<Record<string, unknown>>) => boolean;
  readonly clock: Clock;
  /** The name of this process in its reservations, if other processes work on the same windows. */
  readonly owner?: string;
  /** Prints refusals, thresholds and missing prices. */
  readonly say: (sentence: string) => void;
}

/** Opens the budgets as the ledger has them, with the proxy's admission and the spending of other processes. */
export function openBook(parts: BookParts): {
  readonly book: BudgetBook;
  readonly admission: BudgetAdmission;
  readonly others: OtherSpenders;
} {
  const { experimentId, journal, counter, clock, owner, say } = parts;
  const { prices: pricing, budgets } = parts.configuration;
  const { ledger } = journal;
  const limits = toLimits(budgets);
  const isShared = budgets.overallScope.value === "shared";
  const isOverall = isShared ? parts.isOverall : undefined;
  const fold = new SpendingFold({ experimentId, basis: limits.basis, pricing, isOverall });
  // Every row that the ledger has by now was in the counter before.
  const {
    counted,
    rows,
    end: position,
  } = counter.alone(() => ({
    counted: counter.read(),
    ...ledger.readFrom("budgets"),
  }));
  const seen = { lastSeq: 0 };
  const ahead = new AheadRows(counted);
  const spent = spentSoFar(withAhead(rows, ahead, seen), fold);
  const book = new BudgetBook({
    limits,
    spent,
    clock,
    ...(owner === undefined ? {} : { owner }),
    openElsewhere: () => others.openElsewhere(),
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
  const { lastSeq } = seen;
  const others = new OtherSpenders({
    ledger,
    position,
    lastSeq,
    counter,
    ahead,
    book,
    fold,
    isShared,
    clock,
  });
  const alone = deciderOf(others, parts);
  const nowMs = () => clock.nowMs();
  const admission = new BudgetAdmission(book, { pricing, nowMs, say, alone });
  return { book, others, admission };
}

/** Without the spending of others, a blocking budget admits nothing. The reason is printed once. */
function deciderOf(others: OtherSpenders, { configuration, counter, say }: BookParts) {
  let hasSaid = false;
  const catchUp = (): void => {
    try {
      others.catchUpAtTimes();
    } catch (error) {
      if (!hasSaid && error instanceof CounterbalanceError) say(error.message);
      hasSaid = true;
      if (configuration.budgets.mode.value === "block") throw error;
    }
  };
  return <Result>(decide: () => Result): Result =>
    counter.alone(() => {
      catchUp();
      return decide();
    });
}

/** The rows of the ledger, then those that only the counter has. */
function* withAhead(
  rows: Iterable<Row>,
  ahead: AheadRows,
  seen: { lastSeq: number },
): Generator<Readonly<Record<string, unknown>>> {
  for (const row of rows) {
    seen.lastSeq = row.seq;
    const counted = ahead.isEmpty ? undefined : ahead.take(row);
    // The ledger does not say which process has a request in flight.
    yield counted === undefined ? row : { ...row, by: counted["by"] };
  }
  yield* ahead.rows();
}
