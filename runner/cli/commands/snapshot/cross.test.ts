import { expect, it } from "vitest";

import { pane, type Taken, WindowLab } from "../../test-support/window-lab.ts";

it("a crossing capture ends the only open window and begins the next, and the same one again changes nothing", async () => {
  const lab = new WindowLab();
  const cross = async (window: string, at: string, more = "") =>
    await lab.json<readonly Taken[]>(lab.line("cross", at, { window, more }), pane(70));
  expect(await lab.refusal(lab.line("cross", "09:30", { window: "W0-08" }), pane(70))).toMatch(
    /^3 W0-08 \(codex\): expected an open window of codex that this capture ends, got none/,
  );
  await lab.take("before", "09:00", 90);
  const [ended, begun] = await cross("W0-08", "09:30");
  expect(lab.rows("snapshots")).toMatchObject([
    { window: "W0-07", phase: "before" },
    { window: "W0-07", phase: "after", id: ended?.id },
    { window: "W0-08", phase: "before", id: begun?.id },
  ]);
  expect(await cross("W0-08", "09:40")).toMatchObject([
    { id: ended?.id, is_there: true },
    { id: begun?.id, is_there: true },
  ]);
  expect(await lab.refusal(lab.line("cross", "09:50", { window: "W0-08" }), pane(60))).toMatch(
    /^3 W0-08 \(codex\): expected a window that has not begun, because cross begins it, got one with a "before" of 2025-10-19T09:30/,
  );
});

it("a crossing capture needs the name of the window that it ends if several are open", async () => {
  const lab = new WindowLab();
  await lab.take("before", "09:00", 90);
  await lab.run(lab.line("before", "09:10", { window: "W0-06" }), pane(85));
  expect(await lab.refusal(lab.line("cross", "09:30", { window: "W0-08" }), pane(70))).toMatch(
    /^3 W0-08 \(codex\): expected one open window of codex that this capture ends, got several: W0-07, W0-06\. Name it with --from\./,
  );
  const named = lab.line("cross", "09:30", { window: "W0-08", more: " --from W0-06" });
  await lab.json(named, pane(70));
  expect(lab.rows("snapshots").slice(2)).toMatchObject([
    { window: "W0-06", phase: "after" },
    { window: "W0-08", phase: "before" },
  ]);
});
