import { afterAll, beforeAll, describe } from "vitest";

import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import { openBoard } from "./test-support/open-board.ts";
import { SimulatedSwitchboard } from "./test-support/simulated-switchboard.ts";
import { describeSwitchboard } from "./test-support/switchboard-conformance.ts";

const HEARTBEAT_MS = 30_000;

describeSwitchboard("simulated", async () => {
  const clock = manualClock();
  const board = new SimulatedSwitchboard({ clock, heartbeatMs: HEARTBEAT_MS });
  return {
    board,
    loseClaims: async () => {
      clock.advance(HEARTBEAT_MS + 1);
      board.monitor();
    },
    rowsOf: async (file) => [...board.store.read(file)],
    budget: async () => {
      const { spent, reserved } = board.budgetOf("0123456789ab", "tokens") ?? {
        spent: -1,
        reserved: -1,
      };
      return { spent, reserved };
    },
    close: async () => {},
  };
});

describe.skipIf(!HAS_POSTGRES)("with PostgreSQL", () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());

  describeSwitchboard("PostgreSQL", async () => {
    const url = await cluster.makeDatabase();
    const { board, close } = await openBoard(url, { isOwner: true });
    return {
      board,
      // As the queue's monitor does after missed heartbeats.
      loseClaims: async () => {
        await query(
          url,
          "update counterbalance_queue.job set heartbeat_on = now() - interval '1 hour' where state = 'active'",
        );
        await board.superviseNow();
      },
      rowsOf: async (file) => {
        const rows = await query<{ line: string }>(
          url,
          "select line from counterbalance.ledger_rows where file = $1 order by seq",
          [file],
        );
        return rows.map(({ line }) => JSON.parse(line));
      },
      budget: async () => {
        const [row] = await query<{ spent: string; reserved: string }>(
          url,
          "select spent, reserved from counterbalance.budgets where unit = 'tokens'",
        );
        return { spent: Number(row?.spent), reserved: Number(row?.reserved) };
      },
      close,
    };
  });
});
