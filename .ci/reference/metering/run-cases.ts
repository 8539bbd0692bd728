import { randomUUID } from "node:crypto";

import type { BudgetEvent } from "../../../ledger/domain/budget-event.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { BudgetAdmission } from "../../../runner/gateway/budgets/budget-admission.ts";
import { BudgetBook } from "../../../runner/gateway/budgets/budget-book.ts";
import type { BudgetLimit } from "../../../runner/gateway/budgets/budget-limits.ts";
import { startProxy } from "../../../runner/gateway/proxy/start-proxy.ts";
import { startFakeUpstream } from "../../../runner/gateway/proxy/test-support/fake-upstream.ts";
import { send } from "../../../runner/gateway/proxy/test-support/send.ts";
import { systemClock } from "../../../runner/platform/environment/environment.ts";
import { type Fate, judgeBudgeted, judgeFree, type Seen } from "./judge-case.ts";
import type { ProtocolCase, WireAnswer } from "./protocol-case.ts";

export interface Fates {
  readonly free: Fate;
  readonly budgeted: Fate;
}

const LARGE = { scope: "overall", name: "overall", unit: "tokens", limit: 1e9 } as const;

/** Sends every case through a proxy without a budget, and through one with a large budget. */
export async function runCases(cases: readonly ProtocolCase[]): Promise<readonly Fates[]> {
  const [free, budgeted] = await Promise.all([seeAll(cases, []), seeAll(cases, [LARGE])]);
  return cases.map((one, index) => ({
    free: judgeFree(required(free[index]), one),
    budgeted: judgeBudgeted(required(budgeted[index]), one),
  }));
}

async function seeAll(
  cases: readonly ProtocolCase[],
  limits: readonly BudgetLimit[],
): Promise<readonly Seen[]> {
  const debits: BudgetEvent[] = [];
  const rows: ProxiedRequest[] = [];
  let answer: WireAnswer = { headers: {}, body: "" };
  const upstream = await startFakeUpstream((response) => {
    if (answer.isLost === true) return void response.destroy();
    response.writeHead(answer.status ?? 200, answer.headers);
    if (answer.isCut === true) response.write(answer.body, () => response.destroy());
    else response.end(answer.body);
  });
  const book = new BudgetBook({
    limits: { mode: "block", basis: "all", limits, periodMs: null },
    clock: systemClock,
    onEvent: (event) => debits.push(event),
  });
  const proxy = await startProxy({
    clock: systemClock,
    randomId: randomUUID,
    admission: new BudgetAdmission(book),
    onRequestSettled: (row) => rows.push(row),
  });
  const seen: Seen[] = [];
  try {
    for (const [index, one] of cases.entries()) {
      ({ answer } = one);
      const window = `W0-${String(index)}`;
      const place = { window, attempt: 1, provider: `p${String(index)}` };
      const key = { experiment_id: "e", feature_id: "f", replicate: 1, period: 1, ...place };
      book.openAttempt({ key, command: "/implement", windowCap: null });
      const address = proxy.openAttempt({
        sessionId: "s",
        experimentId: "e",
        ...place,
        upstream: { name: "vendor", baseUrl: upstream.origin, auth: { mode: "inherit" } },
      });
      const before = upstream.requests.length;
      await send(`${address.url}${one.path}`, one.sent);
      await proxy.closeAttempt(address.key);
      seen.push({
        row: required(rows.at(-1)),
        debit: debits
          .filter((event) => event.record === "budget_debited")
          .findLast((event) => event.window === window && event.is_final),
        wasForwarded: upstream.requests.length > before,
      });
    }
  } finally {
    await proxy.stop();
    await upstream.stop();
  }
  return seen;
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("The proxy has told nothing of a request.");
  return value;
}
