import { randomUUID } from "node:crypto";

import { validateRow } from "../../../../ledger/domain/validate-row.ts";
import { openJsonlStore } from "../../../../ledger/store/open-jsonl-store.ts";
import type { LedgerStore } from "../../../../ledger/store/store.ts";
import { openJournal } from "../../../experiment/spending/journal.ts";
import { systemClock } from "../../../platform/environment/environment.ts";
import { BudgetAdmission } from "../../budgets/budget-admission.ts";
import { BudgetBook } from "../../budgets/budget-book.ts";
import type { BudgetLimits } from "../../budgets/budget-limits.ts";
import type { Admission } from "../admission.ts";
import type { AttemptKey, Proxy } from "../proxy.ts";
import { startProxy } from "../start-proxy.ts";

export interface ProxyWithLedger {
  readonly proxy: Proxy;
  readonly address: AttemptKey;
  readonly store: LedgerStore;
  /** Waits until everything is settled and durable. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const EXPERIMENT = "0123456789ab";
const ATTEMPT = { window: "W0-01", attempt: 1, provider: "scripted" };

/** The proxy as a run starts it, with budgets and a ledger of its own in a folder. */
export async function startProxyWithLedger({
  folder,
  origin,
  limits,
  watch = (admission) => admission,
}: {
  readonly folder: string;
  readonly origin: string;
  readonly limits: BudgetLimits;
  /** Stands between the proxy and its budgets. */
  readonly watch?: (admission: Admission) => Admission;
}): Promise<ProxyWithLedger> {
  const store = await openJsonlStore({
    folder,
    clock: systemClock,
    agentId: "harness",
    toolVersion: "0.0.0",
    validate: validateRow,
  });
  const journal = openJournal(store, () => undefined);
  const book = new BudgetBook({
    limits,
    clock: systemClock,
    onEvent: (event) => journal.post("budgets", [event]),
  });
  const proxy = await startProxy({
    clock: systemClock,
    randomId: () => randomUUID(),
    admission: watch(new BudgetAdmission(book)),
    onRequestSettled: (event) => journal.post("proxy_telemetry", [event]),
  });
  const place = { feature_id: "scripted", replicate: 1, period: 1 };
  const key = { experiment_id: EXPERIMENT, ...ATTEMPT, ...place };
  book.openAttempt({ key, command: "/implement", windowCap: null });
  const upstream = { name: "scripted", baseUrl: origin, auth: { mode: "inherit" } } as const;
  const address = proxy.openAttempt({
    sessionId: "scripted",
    experimentId: EXPERIMENT,
    ...ATTEMPT,
    upstream,
  });
  return {
    proxy,
    address,
    store,
    settled: async () => {
      await proxy.closeAttempt(address.key);
      await journal.settled();
    },
    stop: async () => {
      await proxy.stop();
      await store.close();
    },
  };
}
