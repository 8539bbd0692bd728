import type { BudgetUnit } from "../../../ledger/domain/budget-event.ts";
import {
  allowanceOf as leastAllowance,
  type BudgetLimits,
} from "../../gateway/budgets/budget-limits.ts";
import { fromGrains, sayAmount } from "../../gateway/budgets/budget-unit.ts";
import type { PlannedWindow } from "../../plan/assignment/plan.ts";
import type { Task } from "../../tasks/bank/task.ts";
import { allowanceOf, sayAsked, type StartDecision } from "../spending/session-budget-gate.ts";
import type { NoRoom, Switchboard } from "./switchboard.ts";

interface GateParts {
  readonly board: Pick<Switchboard, "reserve" | "giveUp">;
  readonly experimentId: string;
  readonly limits: BudgetLimits;
  readonly tasks: ReadonlyMap<string, Task>;
  readonly rolesOf: (provider: string) => number;
}

/** Sets the allowances of a set's windows aside in the shared store, before the first of them waits for a worker. */
export function createSharedGate({ board, experimentId, limits, tasks, rolesOf }: GateParts) {
  const book = {
    allowance: (work: Parameters<typeof leastAllowance>[1]) => leastAllowance(limits, work),
  };
  return {
    check: async (windows: readonly PlannedWindow[]): Promise<StartDecision> => {
      const allowances = new Map(
        windows.map((planned) => [planned.window, allowanceOf(planned, { book, tasks, rolesOf })]),
      );
      const room = await board.reserve(experimentId, allowances);
      return room === null ? { mayStart: true } : refuse(windows, room);
    },
    giveUp: async (windows: readonly PlannedWindow[]): Promise<void> => {
      await board.giveUp(
        experimentId,
        windows.map(({ window }) => window),
      );
    },
  };
}

function refuse(windows: readonly PlannedWindow[], room: NoRoom): StartDecision {
  return {
    mayStart: false,
    // Windows at work may take less than was set aside for them.
    mayFitLater: room.reserved > 0 && room.requested <= room.cap - room.spent,
    waitsFor: null,
    sentence: sayNoRoom(windows, room),
    record: () => undefined,
  };
}

/** Why a window does not start under a cap over all windows. */
function sayNoRoom(
  windows: readonly PlannedWindow[],
  { unit, cap, spent, requested }: NoRoom,
): string {
  const names = windows.map(({ window }) => window).join(" and ");
  const limit = say(unit, cap);
  if (requested === Number.MAX_SAFE_INTEGER) {
    return `${names} can't start: under the overall budget of ${limit} each window needs a limit of its own. Add e.g. --command-budget implement=…, or tokens_max to the task.`;
  }
  const asked = sayAsked(windows, spent);
  return `${asked} ${say(unit, requested)}; of the overall budget of ${limit}, ${say(unit, Math.max(0, cap - spent))} are left. Raise it and continue with --resume.`;
}

function say(unit: BudgetUnit, grains: number): string {
  return sayAmount(unit, fromGrains(unit, grains));
}
