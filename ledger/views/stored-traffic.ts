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

  protected get figures() {
    return this.rows.figuresOf(this.row);
  }
}

export class StoredRequest extends StoredRow implements RequestFact {
  readonly kind = "request";

  get fate() {
    return this.rows.requests.fateOf(this.figures);
  }

  get is_model() {
    return this.rows.requests.isModel(this.figures);
  }

  get is_subagent() {
    return this.rows.requests.isSubagent(this.figures);
  }

  get backend() {
    return this.rows.requests.backendOf(this.figures);
  }

  get model() {
    return this.rows.requests.modelOf(this.figures);
  }

  get status() {
    return this.rows.requests.statusOf(this.figures);
  }

  get latency_ms() {
    return this.rows.requests.latencyOf(this.figures);
  }

  get cost_usd() {
    return this.rows.requests.costOf(this.figures);
  }

  get usage() {
    return this.rows.requests.usageOf(this.figures);
  }
}

export class StoredDebit extends StoredRow implements DebitFact {
  readonly kind = "debit";

  get basis() {
    return this.rows.debits.basisOf(this.figures);
  }

  get command() {
    return this.rows.debits.commandOf(this.figures);
  }

  get delta() {
    return this.rows.debits.deltaOf(this.figures);
  }

  get overshoot() {
    return this.rows.debits.overshootOf(this.figures);
  }
}
