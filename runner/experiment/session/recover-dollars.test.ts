import { expect, test } from "vitest";

import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import { proxiedRequest } from "../../../ledger/domain/test-support/proxied-request.ts";
import { recoverDollars } from "./recover-attempts.ts";

const ATTEMPT = { window: "W0-01", attempt: 1 };

function row(changes: Partial<ProxiedRequest> = {}): ProxiedRequest {
  return proxiedRequest({ ...ATTEMPT, cost_usd: 0.25, ...changes });
}

function recover(rows: readonly object[]) {
  const experimentId = "0123456789ab";
  return recoverDollars(
    rows.map((one) => ({ ...one })),
    { experimentId, opened: [ATTEMPT] },
  )(ATTEMPT);
}

test("the requests of an attempt without an end add up", () => {
  expect(recover([row(), row()])).toMatchObject({ amount: 0.5, known: 0.5 });
});

test.each<[string, object]>([
  ["of another attempt", { attempt: 2 }],
  ["of another window", { window: "W0-02" }],
  ["of another experiment", { experiment_id: "ba9876543210" }],
  ["that a budget refused", { refused_by: "overall", usage: null, cost_usd: null }],
  ["that asks no model", { kind: "count_tokens", usage: null, cost_usd: null }],
])("a request %s does not belong to it", (_, changes) => {
  expect(recover([row(), { ...row(), ...changes }])).toMatchObject({ amount: 0.25, untold: 0 });
});

test("a request that no meter can count leaves the cost open", () => {
  const uncounted = { kind: "unmetered", usage: null, cost_usd: null } as const;
  expect(recover([row(), row(uncounted)])).toMatchObject({ amount: null, known: 0.25, untold: 1 });
});

test("an attempt without a request took nothing that is known", () => {
  expect(recover([])).toEqual({ amount: 0, known: 0, unpriced: [], untold: 0 });
});
