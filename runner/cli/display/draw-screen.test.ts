import stringWidth from "fast-string-width";
import { describe, expect, it } from "vitest";

import type { BoardCell, RunningWindow } from "../../experiment/session/session-board.ts";
import type { BudgetStatus } from "../../gateway/budgets/budget-status.ts";
import { drawScreen, type ScreenState } from "./draw-screen.ts";

const PLAIN = { style: undefined, hasVisuals: true };

function cell(window: string, provider: string, now: Partial<BoardCell> = {}): BoardCell {
  return { window, provider, outcome: null, isRunning: false, ...now };
}

function running(window: string, phase: RunningWindow["phase"]): RunningWindow {
  const place = { window, provider: "模型 large", featureId: "task", replicate: 1, period: 1 };
  return { planned: { ...place, command: "/implement task" }, attempt: 1, startedMs: 0, phase };
}

function budget(window: string | null, used: number): BudgetStatus {
  const name = window === null ? "overall" : "/implement";
  const scope = window === null ? "overall" : "command";
  const place = { name, scope, window, attempt: 1, refusal: null, reserved: 0 } as const;
  return { ...place, unit: "tokens", basis: "uncached", used, limit: 1000 };
}

function stateOf(pairs: number, atWork: number): ScreenState {
  const sets = Array.from({ length: pairs }, (_, index) => {
    const [first, second] = index % 2 === 0 ? ["large", "small"] : ["small", "large"];
    return [cell(`W0-${String(2 * index)}`, first), cell(`W0-${String(2 * index + 1)}`, second)];
  });
  const windows = Array.from({ length: atWork }, (_, index) =>
    running(`W0-${String(index)}`, "working"),
  );
  return {
    board: {
      windowsInAll: 2 * pairs,
      final: 0,
      running: windows,
      sets,
      providers: ["large", "small"],
      pace: { requestsPerS: 1.25, tokensPerS: 812.4, leftMs: 65_000 },
    },
    budgets: [budget(null, 500), ...windows.map(({ planned }) => budget(planned.window, 10))],
    forecast: () => ", at this pace empty at 14:00",
    nowMs: 0,
    monotonicMs: 125_000,
  };
}

describe("the live screen", () => {
  const sizes = [40, 80, 200].flatMap((columns) =>
    [1, 4, 10, 24, 60].map((rows) => ({ columns, rows })),
  );
  it.each(sizes)("fits $columns columns and $rows rows", (size) => {
    for (const [pairs, atWork] of [
      [1, 0],
      [4, 2],
      [200, 40],
    ] as const) {
      const lines = drawScreen(stateOf(pairs, atWork), size, PLAIN);
      expect(lines.length).toBeLessThanOrEqual(Math.max(1, size.rows - 1));
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(size.columns);
    }
  });

  it("shows windows with their phase, budgets, the grid, the pace and the end", () => {
    const state = stateOf(3, 1);
    const [[first, second] = [], ...rest] = state.board.sets;
    const sets = [
      [
        { ...(first ?? cell("", "")), outcome: "pass" as const },
        { ...(second ?? cell("", "")), isRunning: true },
      ],
      ...rest,
    ];
    const board = { ...state.board, final: 1, sets };
    const lines = drawScreen({ ...state, board }, { columns: 120, rows: 24 }, PLAIN);
    expect(lines).toEqual([
      "W0-0  working   2 min  模型 large  /implement task",
      "  /implement   [--------------------] 1.0 % (10 / 1.0K uncached)",
      "  overall      [##########----------] 50.0 % (500 / 1.0K uncached), at this pace empty at 14:00",
      "order  AB BA AB",
      "       +~ .. ..",
      "A large, B small: + passed, o partly, x failed, ? missing, ~ at work, . planned",
      "1.3 requests/s, 812 tokens/s (uncached)",
      expect.stringMatching(/^1 of 6 windows final, 5 left, about 65 s, until \d\d:\d\d$/),
    ]);
  });

  it("says how many windows at work are not shown", () => {
    const lines = drawScreen(stateOf(20, 9), { columns: 80, rows: 6 }, PLAIN);
    expect(lines.filter((line) => line.includes("working"))).toHaveLength(3);
    expect(lines).toContain("+6 more");
  });

  it("shows the pairs around the first open one, and counts the others", () => {
    const state = stateOf(100, 0);
    const sets = state.board.sets.map((set, index) =>
      index < 50 ? set.map((one) => ({ ...one, outcome: "fail" as const })) : set,
    );
    const board = { ...state.board, sets };
    const lines = drawScreen({ ...state, board }, { columns: 40, rows: 24 }, PLAIN);
    expect(lines).toContain("       xx xx xx xx xx .. .. .. .. .. ..");
    expect(drawScreen({ ...state, board }, { columns: 120, rows: 24 }, PLAIN).join("\n")).toContain(
      "; +63 more pairs",
    );
  });
});
