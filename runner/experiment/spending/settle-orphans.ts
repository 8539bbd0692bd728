import { z } from "zod";

import { BudgetDebited, BudgetReserved } from "../../../ledger/domain/budget-event.ts";
import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { NewRow, Row } from "../../../ledger/domain/row.ts";
import { WindowKey } from "../../../ledger/domain/window.ts";
import { fromGrains, toGrains } from "../../gateway/budgets/budget-unit.ts";
import { baseCommand } from "../../gateway/budgets/parse-budget.ts";
import type { Plan } from "../../plan/assignment/plan.ts";
import type { Journal } from "./journal.ts";

const Whose = z.object(WindowKey);

/** A request that was in flight when the process ended, with its reservation. */
interface Orphan {
  readonly reserved: BudgetReserved & Pick<Row, "recorded_at">;
  /** The tokens and dollars that were already debited. */
  readonly debited: number;
  readonly debitedUsd: number;
}

interface Settling {
  readonly plan: Pick<Plan, "experimentId" | "sets">;
  readonly journal: Journal;
  /** Whether the process that made a reservation has ended; by default it has. */
  readonly isGone?: (reservation: string) => boolean;
  /** The command of windows that are not in the plan. */
  readonly otherwise?: string;
}

/**
 * Settles the requests that a crash left in flight. Their usage is unknown, so the reservation counts,
 * and each gets the row that it would have had.
 * @returns the number of requests.
 */
export async function settleOrphans(
  rows: Iterable<Row>,
  { plan, journal, isGone = () => true, otherwise = "" }: Settling,
): Promise<number> {
  const orphans = findOrphans(rows, plan.experimentId).filter(({ reserved }) =>
    isGone(reserved.reservation),
  );
  const commands = new Map(
    plan.sets.flatMap(({ windows }) => windows).map(({ window, command }) => [window, command]),
  );
  await journal.write(
    "budgets",
    orphans.map((orphan) =>
      debitRow(orphan, baseCommand(commands.get(orphan.reserved.window) ?? otherwise)),
    ),
  );
  await journal.write("proxy_telemetry", orphans.map(requestRow));
  return orphans.length;
}

function findOrphans(rows: Iterable<Row>, experimentId: string): readonly Orphan[] {
  const open = new Map<string, Orphan>();
  for (const row of rows) {
    if (row["experiment_id"] !== experimentId) continue;
    if (row.record === "budget_reserved") {
      const reserved = { ...BudgetReserved.parse(row), recorded_at: row.recorded_at };
      open.set(reserved.reservation, { reserved, debited: 0, debitedUsd: 0 });
    } else if (row.record === "budget_debited") {
      const { reservation, is_final, total, total_usd = 0 } = BudgetDebited.parse(row);
      const orphan = open.get(reservation);
      if (is_final) open.delete(reservation);
      else if (orphan !== undefined) {
        open.set(reservation, { ...orphan, debited: total, debitedUsd: total_usd });
      }
    }
  }
  return [...open.values()];
}

function debitRow({ reserved, debited, debitedUsd }: Orphan, command: string): BudgetDebited {
  const total = Math.max(reserved.tokens, debited);
  const { usd } = reserved;
  return {
    record: "budget_debited",
    ...Whose.parse(reserved),
    basis: reserved.basis,
    reservation: reserved.reservation,
    command,
    delta: total - debited,
    total,
    overshoot: total - reserved.tokens,
    ...(usd !== undefined && {
      delta_usd: dollars(Math.max(0, usd - debitedUsd)),
      total_usd: dollars(Math.max(usd, debitedUsd)),
      overshoot_usd: dollars(Math.max(0, debitedUsd - usd)),
      is_usd_estimated: true,
    }),
    is_final: true,
    is_estimated: true,
  };
}

/** Rounded to the grains of the budget, to remove floating-point noise. */
function dollars(amount: number): number {
  return fromGrains("usd", toGrains("usd", amount));
}

/** Unknown fields are null. The request went to a model, because only such requests reserve. */
function requestRow({ reserved }: Orphan): NewRow & ProxiedRequest {
  return {
    record: "request_proxied",
    timestamp: reserved.recorded_at,
    ...Whose.parse(reserved),
    session_id: null,
    subagent_id: null,
    backend_provider: null,
    model: null,
    prompt_tokens: null,
    completion_tokens: null,
    latency_ms: null,
    status: null,
    trace_id: null,
    requested_model: null,
    usage: null,
    ttft_ms: null,
    cost_usd: null,
    refused_by: null,
    error: "harness_gone",
    dialect: null,
    kind: "model",
    convention: null,
    completion_tokens_estimate: null,
    is_client_gone: true,
    is_stream_cut: false,
    upstream_request_id: null,
    client_session_id: null,
  };
}
