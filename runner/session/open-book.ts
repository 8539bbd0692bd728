import type { Clock } from "../../ledger/domain/clock.ts";
import { BudgetAdmission } from "../budgets/budget-admission.ts";
import { BudgetBook } from "../budgets/budget-book.ts";
import { sayDroppedLimits } from "../budgets/dropped-limits.ts";
import { toLimits } from "../budgets/resolve-budgets.ts";
import { sayBudgetEvent } from "../budgets/say-event.ts";
import { spentSoFar } from "../budgets/spent-so-far.ts";
import type { Configuration } from "../config/configuration.ts";
import type { Journal } from "./journal.ts";

interface BookParts {
  readonly configuration: Pick<Configuration, "budgets" | "prices">;
  readonly experimentId: string;
  readonly journal: Journal;
  readonly clock: Clock;
  /** Takes what the terminal is told: refusals, thresholds, what has no price. */
  readonly say: (sentence: string) => void;
}

/** The budgets as the ledger leaves them, and what the proxy asks of them. */
export function openBook({ configuration, experimentId, journal, clock, say }: BookParts): {
  readonly book: BudgetBook;
  readonly admission: BudgetAdmission;
} {
  const { prices: pricing, budgets } = configuration;
  const limits = toLimits(budgets);
  const { basis } = limits;
  const before = journal.ledger.read("experiments");
  const dropped = sayDroppedLimits(before, { experimentId, limits: limits.limits });
  // Whoever shows it is made after the book, and in the same turn.
  queueMicrotask(() => {
    for (const sentence of dropped) say(sentence);
  });
  const book = new BudgetBook({
    limits,
    spent: spentSoFar(journal.ledger.read("budgets"), { experimentId, basis, pricing }),
    clock,
    onEvent: (event) => {
      journal.post("budgets", [event]);
      const sentence = sayBudgetEvent(event);
      if (sentence !== null) say(sentence);
    },
  });
  return {
    book,
    admission: new BudgetAdmission(book, { pricing, nowMs: () => clock.nowMs(), say }),
  };
}
