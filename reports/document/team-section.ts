import type { ReportData } from "../report/report-data.ts";
import type { TeamFigures, TeamPart, TeamReturn, Teams } from "../report/team-data.ts";
import { affectedFootnote, markAffected, markFigure } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { formatCount, formatFixed, formatPercent } from "../text/number-text.ts";
import { sayFindings } from "../text/team-text.ts";
import type { Block, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { affectedColumn, type ColumnOf, leadOf, tableOf, textOf } from "./parts.ts";

const MINUTE_MS = 60_000;
const NO_PRICE = "a price is unknown";

/** What teams spent, what it bought, and what was sent back; no section without a team. */
export function teamSections({ teams, asked }: ReportData): readonly Section[] {
  if (teams === null) return [];
  const { providers, windows, against_solo } = teams;
  return [
    {
      id: "teams",
      title: "Teams",
      blocks: [
        ...against_solo.map(({ text, touched_by }) => leadOf(markAffected(text, touched_by))),
        textOf(
          "Figures are of valid windows, each with its finalized attempt. They have no intervals: only the answer says what is more than chance.",
        ),
        spendingTable(providers, asked),
        qualityTable(providers),
        workTable(providers),
        returnTable(teams),
        ...affectedFootnote([...providers, ...windows].map(({ touched_by }) => touched_by)).map(
          textOf,
        ),
      ],
    },
  ];
}

interface PartLine {
  readonly provider: string;
  readonly name: string;
  readonly part: TeamPart;
  readonly touched_by: readonly number[];
}

function listParts({
  provider,
  touched_by,
  spent,
  phases,
  rework,
  review_loop: loop,
}: TeamFigures): readonly PartLine[] {
  const whole = spent.turns === 0 ? null : 1;
  const parts: readonly (readonly [string, TeamPart])[] = [
    ...phases.map((phase) => [phase.phase, phase] as const),
    ["all turns", { ...spent, cost_share: whole, time_share: whole }],
    ["the rework in it", rework],
    ["the review loop in it", loop],
  ];
  return parts.map(([name, part]) => ({ provider, name, part, touched_by }));
}

function spendingTable(
  providers: readonly TeamFigures[],
  { token_basis: basis, cost_measure: measure }: ReportData["asked"],
): Block {
  const isPriced = measure === "usd" || providers.some(({ spent }) => spent.dollars !== null);
  return tableOf({
    id: "team-spending",
    items: providers.flatMap(listParts),
    columns: [
      { title: "Team", isKey: true, cell: ({ provider }) => provider },
      { title: "Spent on", isKey: true, cell: ({ name }) => name },
      affectedColumn<PartLine>(
        "Share of cost",
        `Share of what all turns took, in ${measure === "usd" ? "dollars" : "tokens"}.`,
        {
          read: ({ part }) => part.cost_share,
          write: formatPercent,
          why: measure === "usd" ? `${NO_PRICE}, or nothing was spent` : "nothing was spent",
        },
      ),
      affectedColumn<PartLine>(
        `Tokens of turns (${basis})`,
        "The classes that the registered basis counts.",
        { read: ({ part }) => part.tokens, write: formatCount },
      ),
      ...(isPriced
        ? [
            affectedColumn<PartLine>("Dollars of turns", "By the price list.", {
              read: ({ part }) => part.dollars,
              write: (amount) => costText(amount, "usd"),
              why: NO_PRICE,
            }),
          ]
        : []),
      affectedColumn<PartLine>(
        "Minutes of turns",
        "Turns that run at the same time each count their whole time.",
        {
          read: ({ part }) => part.duration_ms / MINUTE_MS,
          write: (minutes) => formatFixed(minutes, 2),
        },
      ),
      affectedColumn<PartLine>("Share of time", "Share of the time of all turns.", {
        read: ({ part }) => part.time_share,
        write: formatPercent,
        why: "no time passed",
      }),
      affectedColumn<PartLine>("Turns", "Times that a role worked.", {
        read: ({ part }) => part.turns,
      }),
    ],
    none: "No valid window has a turn.",
    meaning:
      "What teams spent, by the kind of work. Rework is every turn after work was sent back; the review loop is that and every review.",
    method: METHOD.teams,
  });
}

type TeamColumn = ColumnOf<TeamFigures>;

const NAME: TeamColumn = { title: "Team", isKey: true, cell: ({ provider }) => provider };

function qualityColumn(
  title: string,
  name: "before_review" | "after_review",
  meaning: string,
): TeamColumn {
  return affectedColumn(title, meaning, {
    read: (team) => team.quality[name],
    write: (value) => formatFixed(value, 3),
    why: "no window has both",
  });
}

function qualityTable(providers: readonly TeamFigures[]): Block {
  return tableOf({
    id: "team-quality",
    items: providers,
    columns: [
      NAME,
      qualityColumn(
        "Quality before the review",
        "before_review",
        "Mean over windows that have both, of the first implementation.",
      ),
      qualityColumn(
        "Quality at the end",
        "after_review",
        "Mean over the same windows, of the final work.",
      ),
      affectedColumn<TeamFigures>(
        "Windows with both",
        "Windows whose quality is known before the review and at the end.",
        { read: (team) => team.quality.windows },
      ),
      affectedColumn<TeamFigures>("Improved", "Those whose quality was higher at the end.", {
        read: (team) => team.quality.improved,
      }),
      affectedColumn<TeamFigures>("Got worse", "Those whose quality was lower at the end.", {
        read: (team) => team.quality.worsened,
      }),
      affectedColumn<TeamFigures>(
        "Cost of the review loop",
        "Its share of the cost of all turns.",
        {
          read: ({ review_loop: loop }) => loop.cost_share,
          write: formatPercent,
          why: `${NO_PRICE}, or nothing was spent`,
        },
      ),
    ],
    meaning:
      "Whether the review was worth it: quality before and after the review loop, and its cost.",
    method: METHOD.teams,
  });
}

function workTable(providers: readonly TeamFigures[]): Block {
  return tableOf({
    id: "team-work",
    items: providers,
    columns: [
      NAME,
      affectedColumn<TeamFigures>("Windows of the team", "Valid windows that the team worked.", {
        read: ({ windows }) => windows,
      }),
      affectedColumn<TeamFigures>("Rework rounds", "How often a review sent work back.", {
        read: ({ rework }) => rework.rounds,
      }),
      ...FINDING_COLUMNS,
      affectedColumn<TeamFigures>(
        "Handoffs refused",
        "Handoffs that were sent back because they had faults.",
        { read: ({ handoffs_refused: refused }) => refused },
      ),
      affectedColumn<TeamFigures>(
        "Breaches of a role",
        "Changes that a role may not make; the harness discarded them.",
        { read: ({ breaches }) => breaches },
      ),
      countedColumn("Deliverables made", {
        meaning: "Usage, reference, examples, troubleshooting and change note, of those possible.",
        read: ({ deliverables }) => [deliverables.made, deliverables.possible],
        why: "no retrospective",
      }),
      countedColumn("Windows over planned lines", {
        meaning:
          "Windows that changed more lines than their plan allows, of those with both counts.",
        read: ({ lines }) => [lines.over, lines.windows],
        why: NO_LIMIT,
      }),
      countedColumn("Lines changed", {
        meaning: "Lines added and removed, of the lines that the plans allow, in these windows.",
        read: ({ lines }) => [lines.changed, lines.planned],
        why: NO_LIMIT,
      }),
    ],
    meaning: "What the review found, what went back, and what roles made or were not allowed to.",
    method: METHOD.teams,
  });
}

const NO_LIMIT = "no window has a planned limit and a count of lines";

const FINDING_COLUMNS: readonly TeamColumn[] = [
  affectedColumn<TeamFigures>("Faults found", "Findings of all reviews, each once.", {
    read: ({ findings }) => findings.found,
  }),
  affectedColumn<TeamFigures>("Faults mended", "Findings that a later review called resolved.", {
    read: ({ findings }) => findings.resolved,
  }),
  affectedColumn<TeamFigures>("Faults left open", "Findings that no review called resolved.", {
    read: ({ findings }) => findings.found - findings.resolved,
  }),
  countedColumn("First-run faults mended", {
    meaning: "Mended findings of the first review, of all that it found.",
    read: ({ findings }) => [findings.first_resolved, findings.first_found],
    why: "the first reviews found none",
  }),
];

interface CountedColumn {
  readonly meaning: string;
  readonly read: (team: TeamFigures) => readonly [part: number, whole: number];
  /** Why there may be nothing to count. */
  readonly why: string;
}

/** `17 of 20`. */
function countedColumn(title: string, { meaning, read, why }: CountedColumn): TeamColumn {
  return {
    title,
    meaning,
    isNumber: true,
    cell: (team) => {
      const [part, whole] = read(team);
      const text = whole === 0 ? `n/a (${why})` : `${formatCount(part)} of ${formatCount(whole)}`;
      return { text: markFigure(text, team.touched_by), sort: whole === 0 ? null : part };
    },
  };
}

type ReturnLine = TeamReturn & Pick<Teams["windows"][number], "window" | "touched_by">;

function returnTable({ windows }: Teams): Block {
  return tableOf({
    id: "team-returns",
    items: windows.flatMap(({ window, touched_by, returns }) =>
      returns.map((one): ReturnLine => ({ ...one, window, touched_by })),
    ),
    columns: [
      {
        title: "Window",
        isKey: true,
        cell: ({ window, touched_by }) => ({
          text: markAffected(window, touched_by),
          sort: null,
          window,
        }),
      },
      { title: "Review round", isKey: true, cell: ({ round }) => String(round) },
      { title: "From", cell: ({ from }) => from },
      { title: "To", cell: ({ to }) => to },
      { title: "Why", cell: ({ findings }) => sayFindings(findings) },
      affectedColumn<ReturnLine>(
        "Tokens of the rework (all)",
        "Tokens of all classes, of the turns from this review to the next one.",
        { read: ({ tokens }) => tokens, write: formatCount },
      ),
      affectedColumn<ReturnLine>(
        "Dollars of the rework",
        "By the price list, for the same turns.",
        {
          read: ({ dollars }) => dollars,
          write: (amount) => costText(amount, "usd"),
          why: NO_PRICE,
        },
      ),
      affectedColumn<ReturnLine>("Minutes of the rework", "Time of the same turns.", {
        read: ({ duration_ms }) => duration_ms / MINUTE_MS,
        write: (minutes) => formatFixed(minutes, 2),
      }),
    ],
    none: "No review sent work back.",
    meaning:
      "Each time that a review sent work back, why, and what that cost, in valid and missing windows.",
    method: METHOD.teams,
  });
}
