import { type DataTable, Given } from "@cucumber/cucumber";

import { KeptHandoff } from "../ledger/domain/role-worked.ts";
import { roleWorked, teamReviewed } from "../ledger/domain/test-support/role-worked.ts";
import { addRow } from "./support/corrections.ts";
import { finalOf, finalRows } from "./support/ledger-windows.ts";
import type { ExperimentWorld } from "./support/world.ts";

const HandoffKind = KeptHandoff.unwrap().shape.kind;

/** Adds the rows of a team to windows that an agent worked alone. */
Given(
  "a team worked the windows of {string}:",
  async function (this: ExperimentWorld, provider: string, table: DataTable) {
    const windows = finalRows(this).filter((row) => row.provider === provider);
    const rows = windows.flatMap((final) => [
      ...table.hashes().map((turn, index) => turnOf(keyOf(final), turn, index + 1)),
      teamReviewed(keyOf(final)),
    ]);
    await addRow(this, "handoffs", ...rows);
  },
);

Given(
  "a role of {string} named {string}",
  async function (this: ExperimentWorld, window: string, role: string) {
    const key = keyOf(finalOf(this, window));
    await addRow(this, "handoffs", roleWorked({ ...key, turn: 7, role }));
  },
);

function keyOf(final: ReturnType<typeof finalOf>) {
  const { experiment_id, window, attempt, provider, feature_id, replicate, period } = final;
  return { experiment_id, window, attempt, provider, feature_id, replicate, period };
}

function turnOf(
  key: ReturnType<typeof keyOf>,
  { ROLE: role = "", COMMAND: command = "", ...turn }: Readonly<Record<string, string>>,
  place: number,
) {
  return roleWorked({
    ...key,
    turn: place,
    role,
    command,
    round: Number(turn["ROUND"]),
    usage: { input_uncached: Number(turn["TOKENS"]), requests: 1 },
    handoff: { kind: HandoffKind.parse(turn["HANDOFF"]), sha256: "0".repeat(64), content: {} },
  });
}
