import { sum } from "simple-statistics";

import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { affectedColumn, type ColumnOf, countCell } from "../document/parts.ts";
import type { ReportData } from "../report/report-data.ts";
import type { TeamPhase, TeamTurn, TeamWindowData } from "../report/team-data.ts";
import { costText } from "../text/amount-text.ts";
import { formatCount, formatFixed, formatPercent } from "../text/number-text.ts";
import { toPlainLine } from "../text/plain-text.ts";
import { sayDuration, unitFor } from "./duration.ts";
import { SERIES } from "./palette.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { sampleEvenly, saySample } from "./sample-evenly.ts";
import { drawBars, rowNames } from "./timeline-bars.ts";
import { wholeName } from "./words.ts";

const ID = "team-timeline";
const TITLE = "Turns of the teams' roles over time";
const ROWS_MAX = 40;
const MINUTE_MS = 60_000;

/** Each phase has a height of its own, so that they differ without colours. */
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
  return pictureOf({
    id: ID,
    title: TITLE,
    alternative: [...sayTimes(sorted), saySample(sorted.length, ROWS_MAX, "length")],
    specification: draw(sampleEvenly(sorted, ROWS_MAX)),
    items: worked.flatMap(({ turns, window, provider, touched_by }) =>
      turns.map((turn): TurnLine => ({ ...turn, window, provider, touched_by })),
    ),
    columns: [...PLACES, ...amounts(asked.token_basis), ...RESULTS],
    meaning: "Every turn of a role in the last attempt of each window, in order.",
    method: METHOD.teams,
  });
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

type TurnLine = TeamTurn & Pick<TeamWindowData, "window" | "provider" | "touched_by">;

const toMinutes = (minutes: number) => formatFixed(minutes, 2);
const toDollars = (amount: number) => costText(amount, "usd");
const NO_LIMIT = "no limit";

const COMMIT_CHARS = 12;

const PLACES: readonly ColumnOf<TurnLine>[] = [
  { title: "Window", cell: ({ window }) => ({ text: toPlainLine(window), window }) },
  { title: "Team", cell: ({ provider }) => toPlainLine(provider) },
  { title: "Turn", cell: ({ turn }) => countCell(turn) },
  { title: "Role", cell: ({ role }) => toPlainLine(role) },
  { title: "Round", cell: ({ round }) => countCell(round) },
  { title: "Worked by", cell: ({ worked_by: by }) => toPlainLine(by) },
  { title: "End", cell: ({ end }) => end },
];

/** The planned time is drawn behind the used time. */
function amounts(basis: string): readonly ColumnOf<TurnLine>[] {
  return [
    affectedColumn<TurnLine>("Minutes", "How long the turn took.", {
      read: ({ duration_ms: ms }) => ms / MINUTE_MS,
      write: toMinutes,
    }),
    affectedColumn<TurnLine>(
      "Minutes planned",
      "The role's limit for all of its turns in the window.",
      { read: ({ limits }) => limits.minutes, why: NO_LIMIT },
    ),
    affectedColumn<TurnLine>(`Tokens (${basis})`, "What the turn took, in the basis of the cost.", {
      read: ({ tokens }) => tokens,
      write: formatCount,
    }),
    affectedColumn<TurnLine>(
      "Tokens planned",
      "The role's limit for the window, in the basis of the budgets.",
      { read: ({ limits }) => limits.tokens, write: formatCount, why: NO_LIMIT },
    ),
    affectedColumn<TurnLine>("Dollars", "What the turn cost by the price list.", {
      read: ({ dollars }) => dollars,
      write: toDollars,
      why: "a price is unknown",
    }),
    affectedColumn<TurnLine>("Dollars planned", "The role's limit on dollars for the window.", {
      read: ({ limits }) => limits.usd,
      write: toDollars,
      why: NO_LIMIT,
    }),
  ];
}

const RESULTS: readonly ColumnOf<TurnLine>[] = [
  affectedColumn<TurnLine>("Lines added", "Lines that the role's commit added.", {
    read: ({ lines }) => lines?.added ?? null,
    write: formatCount,
    why: "no measured change",
  }),
  affectedColumn<TurnLine>("Lines removed", "Lines that the role's commit removed.", {
    read: ({ lines }) => lines?.removed ?? null,
    write: formatCount,
    why: "no measured change",
  }),
  { title: "Commit", cell: ({ commit }) => commit?.slice(0, COMMIT_CHARS) ?? "none" },
  affectedColumn<TurnLine>("Quality after", "Share that the work passed after the turn.", {
    read: ({ quality }) => quality,
    write: (value) => formatFixed(value, 3),
    why: "not graded",
  }),
  affectedColumn<TurnLine>("Handoffs refused", "Handoffs of the turn that had faults.", {
    read: ({ handoffs_refused: refused }) => refused,
    write: formatCount,
  }),
  affectedColumn<TurnLine>("Breaches", "Changes that the role may not make.", {
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
  const names = rowNames(windows);
  const bars = present.flatMap((phase) =>
    windows.flatMap(({ turns }, index) =>
      turns
        .filter((turn) => turn.phase === phase)
        .map((turn) => ({
          row: names[index] ?? "",
          phase: labelOf(phase),
          height: LOOKS[phase][1],
          from: turn.starts_after_ms / unit.ms,
          to: endOf(turn) / unit.ms,
        })),
    ),
  );
  return drawBars(bars, {
    title: `${unit.name} since the window's first turn began`,
    rows: names,
    phases: present.map(labelOf),
    colours: present.map((phase) => SERIES.colours[PHASES.indexOf(phase)] ?? ""),
  });
}
