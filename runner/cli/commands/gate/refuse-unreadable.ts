import { DamagedError } from "../../../../ledger/domain/errors.ts";
import type { Row } from "../../../../ledger/domain/row.ts";
import type { ExperimentView } from "../../../../ledger/views/experiment-view.ts";
import { readFact } from "../../../../ledger/views/read-fact.ts";
import { UNREADABLE_ROW, unreadableFact } from "../../../../ledger/views/row-anomalies.ts";

/** A decision rests on rows that can't be read, and they could change it. */
class UnreadableRowsError extends DamagedError {}

/** @throws UnreadableRowsError naming the first row of the view or the backlog that counts and can't be read. */
export function refuseUnreadable(view: ExperimentView, backlog: Iterable<Row>): void {
  const own = [...view.anomalies.values()].filter(
    ({ name, touches }) => name === UNREADABLE_ROW && touches.every((one) => view.isAlive(one)),
  );
  const others = [...backlog]
    .filter((row) => readFact(row) === undefined)
    .map((row, index) => unreadableFact(row, "backlog", index + 1));
  const [first, ...more] = [...own, ...others];
  if (first === undefined) return;
  throw new UnreadableRowsError(
    `expected a ledger in which every row can be read, to open a gate, got ${String(more.length + 1)} that can't, first ` +
      `${first.action} Nothing was written. Ask the version of counterbalance that wrote them: ` +
      `"experiment preview" names those of the experiment. One of these that does not keep its schema is ended ` +
      `by "experiment undo --id …", with the id that the report names.`,
  );
}
