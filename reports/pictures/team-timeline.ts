import { sum } from "simple-statistics";

import type { Cell, Column, PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import type { ReportData } from "../report/report-data.ts";
import type { TeamPhase, TeamTurn, TeamWindowData } from "../report/team-data.ts";
import { markFigure } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { formatCount, formatFixed, formatPercent } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { sayDuration, unitFor } from "./duration.ts";
import { emptyPicture } from "./empty-picture.ts";
import { layer, linearAxis } from "./layers.ts";
import { SERIES } from "./palette.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { linearDomain } from "./scales.ts";
import { join, shortName, wholeName } from "./words.ts";

const ID = "team-timeline";
const TITLE = "Turns of the teams' roles over time";
const ROWS_MAX = 40;
const MINUTE_MS = 60_000;

/** Each phase has a height of its own, so that no colour is needed to tell them apart. */
const LOOKS: Readonly<Record<TeamPhase, readonly [look: string, height: number]>> = {
  building: ["thickest", 13],
  documenting: ["thick", 10],
  reviewing: ["medium", 7],
  planning: ["thin", 4],
  other: ["thinnest", 2],
};
/** A thin bar is drawn over a thick one: two roles may work at the same time. */
const PHASES = ["building", "documenting", "reviewing", "planning", "other"] as const;

/** When each role of a team worked; the data say what each turn took, and how it ended. */
export function teamPicture({ teams, asked }: ReportData): PictureBlock {
  const worked = (teams?.windows ?? []).filter(({ turns }) => turns.length > 0);
  if (worked.length === 0) return emptyPicture({ id: ID, title: TITLE }, "no role has a turn");
  const sorted = worked.toSorted((left, right) => lengthOf(left) - lengthOf(right));
  const columns = [...PLACES, ...amounts(asked.token_basis), ...RESULTS];
  return {
    kind: "picture",
    id: ID,
    title: TITLE,
    alternative: join(...sayTimes(sorted), saySample(sorted.length, ROWS_MAX, "length")),
    specification: draw(sampleEvenly(sorted, ROWS_MAX)),
    data: {
      kind: "table",
      id: `${ID}-data`,
      columns: columns.map(({ column }) => column),
      rows: worked.flatMap((window) =>
        window.turns.map((turn) => columns.map(({ cell }) => cell({ window, turn }))),
      ),
      meaning: "Every turn of a role in the last attempt of each window, in order.",
      method: METHOD.teams,
    },
  };
}

function lengthOf({ turns }: TeamWindowData): number {
  return Math.max(...turns.map(endOf));
}

function endOf({ starts_after_ms: start, duration_ms: duration }: TeamTurn): number {
  return start + duration;
}

function sayTimes(sorted: readonly TeamWindowData[]): readonly string[] {
  const turns = sorted.flatMap((window) => window.turns);
  const total = sum(turns.map(({ duration_ms }) => duration_ms));
  const shares = PHASES.flatMap((phase) => {
    const own = turns.filter((turn) => turn.phase === phase);
    const share = total === 0 ? 0 : sum(own.map(({ duration_ms }) => duration_ms)) / total;
    return own.length === 0 ? [] : [`${formatPercent(share)} ${phase}`];
  });
  const longest = sorted.at(-1);
  return [
    `The turns took ${sayDuration(total)} together: ${shares.join(", ")}.`,
    longest === undefined
      ? ""
      : `The longest window is ${wholeName(longest.window)} of ${wholeName(longest.provider)} with ${sayDuration(lengthOf(longest))}.`,
  ];
}

interface TurnLine {
  readonly window: TeamWindowData;
  readonly turn: TeamTurn;
}

interface TurnColumn {
  readonly column: Column;
  readonly cell: (line: TurnLine) => Cell;
}

function texts(title: string, cell: TurnColumn["cell"]): TurnColumn {
  return { column: { title }, cell };
}

function numbers(
  title: string,
  parts: {
    readonly meaning: string;
    readonly read: (turn: TeamTurn) => number | null;
    readonly write: (value: number) => string;
    readonly why?: string;
  },
): TurnColumn {
  const { meaning, read, write, why = "unknown" } = parts;
  return {
    column: { title, meaning, isNumber: true },
    cell({ turn, window }) {
      const value = read(turn);
      const text = value === null ? `n/a (${why})` : write(value);
      return { text: markFigure(text, window.touched_by), sort: value };
    },
  };
}

const toMinutes = (minutes: number) => formatFixed(minutes, 2);
const toDollars = (amount: number) => costText(amount, "usd");
const NO_LIMIT = "no limit";

const COMMIT_CHARS = 12;

const PLACES: readonly TurnColumn[] = [
  texts("Window", ({ window: { window } }) => ({ text: toPlainLine(window), window })),
  texts("Team", ({ window }) => toPlainLine(window.provider)),
  texts("Turn", ({ turn: { turn } }) => ({ text: String(turn), sort: turn })),
  texts("Role", ({ turn }) => toPlainLine(turn.role)),
  texts("Round", ({ turn: { round } }) => ({ text: String(round), sort: round })),
  texts("Worked by", ({ turn }) => toPlainLine(turn.worked_by)),
  texts("End", ({ turn }) => turn.end),
];

/** The planned time is drawn behind the used time. */
function amounts(basis: string): readonly TurnColumn[] {
  return [
    numbers("Minutes", {
      meaning: "How long the turn took.",
      read: ({ duration_ms: ms }) => ms / MINUTE_MS,
      write: toMinutes,
    }),
    numbers("Minutes planned", {
      meaning: "The role's limit for all of its turns in the window.",
      read: ({ limits }) => limits.minutes,
      write: String,
      why: NO_LIMIT,
    }),
    numbers(`Tokens (${basis})`, {
      meaning: "What the turn took, in the basis of the cost.",
      read: ({ tokens }) => tokens,
      write: formatCount,
    }),
    numbers("Tokens planned", {
      meaning: "The role's limit for the window, in the basis of the budgets.",
      read: ({ limits }) => limits.tokens,
      write: formatCount,
      why: NO_LIMIT,
    }),
    numbers("Dollars", {
      meaning: "What the turn cost by the price list.",
      read: ({ dollars }) => dollars,
      write: toDollars,
      why: "a price is unknown",
    }),
    numbers("Dollars planned", {
      meaning: "The role's limit on dollars for the window.",
      read: ({ limits }) => limits.usd,
      write: toDollars,
      why: NO_LIMIT,
    }),
  ];
}

const RESULTS: readonly TurnColumn[] = [
  numbers("Lines added", {
    meaning: "Lines that the role's commit added.",
    read: ({ lines }) => lines?.added ?? null,
    write: formatCount,
    why: "no measured change",
  }),
  numbers("Lines removed", {
    meaning: "Lines that the role's commit removed.",
    read: ({ lines }) => lines?.removed ?? null,
    write: formatCount,
    why: "no measured change",
  }),
  texts("Commit", ({ turn }) => turn.commit?.slice(0, COMMIT_CHARS) ?? "none"),
  numbers("Quality after", {
    meaning: "Share that the work passed after the turn.",
    read: ({ quality }) => quality,
    write: (value) => formatFixed(value, 3),
    why: "not graded",
  }),
  numbers("Handoffs refused", {
    meaning: "Handoffs of the turn that had faults.",
    read: ({ handoffs_refused: refused }) => refused,
    write: formatCount,
  }),
  numbers("Breaches", {
    meaning: "Changes that the role may not make.",
    read: ({ breaches }) => breaches,
    write: formatCount,
  }),
];

function labelOf(phase: TeamPhase): string {
  return `${phase} (${LOOKS[phase][0]})`;
}

function draw(windows: readonly TeamWindowData[]): PictureBlock["specification"] {
  const unit = unitFor(Math.max(...windows.map(lengthOf)));
  const present = PHASES.filter((phase) =>
    windows.some(({ turns }) => turns.some((turn) => turn.phase === phase)),
  );
  const bars = present.flatMap((phase) =>
    windows.flatMap(({ window, provider, turns }, index) =>
      turns
        .filter((turn) => turn.phase === phase)
        .map((turn) => ({
          row: `${String(index + 1)}. ${shortName(`${window} ${provider}`)}`,
          phase: labelOf(phase),
          height: LOOKS[phase][1],
          from: turn.starts_after_ms / unit.ms,
          to: endOf(turn) / unit.ms,
        })),
    ),
  );
  const rows = windows.map(
    ({ window, provider }, index) => `${String(index + 1)}. ${shortName(`${window} ${provider}`)}`,
  );
  const x = linearAxis({
    title: `${unit.name} since the window's first turn began`,
    domain: linearDomain([0, ...bars.map(({ to }) => to)]),
    format: "~r",
  });
  return {
    width: 380,
    height: { step: 18 },
    layer: [
      layer(
        bars,
        { type: "rule", strokeCap: "butt" },
        {
          x: { ...x, field: "from" },
          x2: { field: "to" },
          y: {
            field: "row",
            type: "nominal",
            sort: rows,
            title: null,
            axis: { labelLimit: 240, ticks: false },
          },
          strokeWidth: { field: "height", type: "quantitative", scale: null },
          color: {
            field: "phase",
            type: "nominal",
            scale: {
              domain: present.map(labelOf),
              range: present.map((phase) => SERIES.colours[PHASES.indexOf(phase)]),
            },
          },
        },
      ),
    ],
  };
}
