import type { AttemptKey, DebitFact, RequestFact } from "./experiment-fact.ts";
import type { TrafficRows } from "./traffic-rows.ts";

/** A row as it stands in the tables: each value is read when it is asked for. */
class StoredRow implements AttemptKey {
  protected readonly rows: TrafficRows;
  protected readonly row: number;

  constructor(rows: TrafficRows, row: number) {
    this.rows = rows;
    this.row = row;
  }

  get id() {
    return this.rows.idOf(this.row);
  }

  get window() {
    return this.rows.attemptOf(this.row).window;
  }

  get attempt() {
    return this.rows.attemptOf(this.row).attempt;
  }

  get provider() {
    return this.rows.attemptOf(this.row).provider;
  }
}

export class StoredRequest extends StoredRow implements RequestFact {
  readonly kind = "request";

  get fate() {
    return this.rows.requests.fateOf(this.row);
  }

  get is_model() {
    return this.rows.requests.isModel(this.row);
  }

  get is_subagent() {
    return this.rows.requests.isSubagent(this.row);
  }

  get backend() {
    return this.rows.requests.backendOf(this.row);
  }

  get model() {
    return this.rows.requests.modelOf(this.row);
  }

  get status() {
    return this.rows.requests.statusOf(this.row);
  }

  get latency_ms() {
    return this.rows.requests.latencyOf(this.row);
  }

  get cost_usd() {
    return this.rows.requests.costOf(this.row);
  }

  get usage() {
    return this.rows.requests.usageOf(this.row);
  }
}

export class StoredDebit extends StoredRow implements DebitFact {
  readonly kind = "debit";

  get basis() {
    return this.rows.debits.basisOf(this.row);
  }

  get command() {
    return this.rows.debits.commandOf(this.row);
  }

  get delta() {
    return this.rows.debits.deltaOf(this.row);
  }

  get overshoot() {
    return this.rows.debits.overshootOf(this.row);
  }
}
