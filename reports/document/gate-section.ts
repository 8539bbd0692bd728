import type { CandidateGate, GateAnswer, GateArm, GateReport } from "../report/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { COST_NOT_DECIDED } from "../text/hold-text.ts";
import { NO_ANYTIME, NO_SIGNS, whyNoAnytime } from "../text/no-anytime.ts";
import { formatCount, formatFixed, formatPercent } from "../text/number-text.ts";
import type { Block, Section } from "./document.ts";
import {
  candidateTitle,
  costUnit,
  holdLines,
  sayAmended,
  sayGate,
  sayMet,
  sayProtection,
  stateLines,
} from "./gate-words.ts";
import { lookFigures } from "./look-figures.ts";
import { METHOD } from "./method.ts";
import { figuresOf, listOf, numberColumn, tableOf, textCell, textOf } from "./parts.ts";
import { decisionAffectedBy } from "./shared-lines.ts";

/** What the gates last decided about a seat, and by which figures. */
export function gateSection(report: ReportData): Section {
  const { gate } = report;
  const place = { id: "gates", title: "The gates and the seat" };
  if (gate === null) {
    return { ...place, blocks: [textOf("No look was recorded, and nothing was decided.")] };
  }
  const affected = gate.candidates.map((one) => decisionAffectedBy(report, one.candidate));
  return {
    ...place,
    blocks: [
      figuresOf(METHOD.gates, [
        {
          name: "Verdict",
          value: `${gate.verdict}, policy ${gate.policy}`,
          meaning: "Expand adds one seat; in every other case you keep what you have.",
        },
      ]),
      ...listOf(stateLines(gate)),
      ...affectedFootnote(affected).map(textOf),
    ],
    parts: gate.candidates.map((one, index) => ({
      id: `gates-${index + 1}`,
      title: `Gates for ${one.candidate}`,
      about: one.candidate,
      blocks: candidateBlocks(one, gate, {
        affectedBy: affected[index] ?? [],
        suffix: gate.candidates.length > 1 ? `-${index + 1}` : "",
        look: ", last look",
      }),
    })),
  };
}

interface Place {
  readonly affectedBy?: readonly number[];
  /** Makes the ids of its tables unique. */
  readonly suffix: string;
  /** Follows the name of a figure of the look, where others have the same name. */
  readonly look?: string;
}

/** What holds a candidate, and the figures that its decision rests on. */
export function candidateBlocks(
  one: CandidateGate,
  answer: GateAnswer & Pick<GateReport, "cost_measure">,
  { affectedBy = [], suffix, look = "" }: Place,
): readonly Block[] {
  const { figures, arms } = one;
  return [
    verdictFigures(one, affectedBy),
    ...listOf([sayProtection(answer), ...holdLines(one)]),
    ...(figures === null
      ? [textOf("No look has figures yet.")]
      : [
          textOf(
            one.unmet.some(({ reason }) => reason === "capped")
              ? `The figures of the last look. ${COST_NOT_DECIDED}`
              : "The figures of the last look, which the decision rests on:",
          ),
          figuresOf(
            METHOD.looks,
            Object.values(
              lookFigures(figures, { thresholds: answer.gates.thresholds, look }),
            ).flat(),
          ),
        ]),
    armTable(arms, { measure: answer.cost_measure, suffix, look }),
    criteriaTable(one, suffix),
  ];
}

function verdictFigures(one: CandidateGate, affectedBy: readonly number[]): Block {
  const { gates, policies } = one;
  return figuresOf(METHOD.gates, [
    seatFigure(one),
    {
      name: "Looks",
      value: markAffected(`${one.looks} looks; the last one at ${one.pairs} pairs`, affectedBy),
      number: one.looks,
      meaning: "How often the figures were looked at, each time on new data.",
      method: METHOD.looks,
    },
    ...gateFigures(gates),
    policyFigure(policies),
  ]);
}

export function policyFigure({ literal, standard, strict }: CandidateGate["policies"]) {
  return {
    name: "Policies",
    value: `literal ${literal}, standard ${standard}, strict ${strict}`,
    meaning: "The verdict under each policy.",
  };
}

function seatFigure({ seat }: CandidateGate) {
  return {
    name: "Seat",
    value: seat === null ? "add none" : `add ${seat.seats} for ${seat.provider}`,
    meaning: "What the verdict says to do.",
  };
}

/** The three gates, each with a line. */
export function gateFigures({ g1, g2, g3 }: CandidateGate["gates"]) {
  return [
    {
      name: "G1, enough evidence",
      value: sayGate(g1),
      meaning: "The last two distinct looks both qualify.",
    },
    {
      name: "G2, real need",
      value: sayGate(g2),
      meaning: "Enough ready features of the backlog are blocked by capacity alone.",
    },
    {
      name: "G3, good enough",
      value: sayGate(g3),
      meaning: "Cost, quality, errors, latency and deterministic tests meet their criteria.",
    },
  ];
}

interface ArmTable {
  readonly measure: GateReport["cost_measure"];
  readonly suffix: string;
  readonly look: string;
}

function armTable(arms: readonly GateArm[], { measure, suffix, look }: ArmTable): Block {
  return tableOf({
    id: `gate-arms${suffix}`,
    items: arms,
    columns: [
      { title: "Arm", isKey: true, cell: ({ provider, role }) => `${provider} (${role})` },
      numberColumn<GateArm>("n", "Windows that the look counted.", { read: ({ n }) => n }),
      numberColumn<GateArm>(
        `Typical cost (${costUnit(measure)})`,
        "Geometric mean of the windows' costs.",
        {
          read: ({ cost }) => cost,
          write: (value) => costText(value, measure),
          why: "no cost above 0",
        },
      ),
      numberColumn<GateArm>(`Quality${look}`, "Mean quality.", {
        read: ({ quality }) => quality,
        write: (value) => formatFixed(value, 3),
        why: "no complete pair",
      }),
      numberColumn<GateArm>(`Error rate${look}`, "Failed requests ÷ those answered or failed.", {
        read: ({ error_rate }) => error_rate,
        write: formatPercent,
        why: "no request was answered",
      }),
      numberColumn<GateArm>(`p95 ms${look}`, "95 % of the requests were faster.", {
        read: ({ latency_p95_ms }) => latency_p95_ms,
        write: formatCount,
        why: "no complete pair with requests",
      }),
      { title: "Versions", cell: sayVersions },
    ],
    none: "No look has counted a window yet.",
    meaning: "Both providers in the complete pairs that the last look counted.",
    method: METHOD.looks,
  });
}

function sayVersions({ versions }: GateArm): string {
  const named = Object.entries(versions).map(([tool, found]) => `${tool} ${found.join(" and ")}`);
  return named.join(", ") || "n/a (not recorded)";
}

/** Every criterion as it is read literally, at this n, and at any time of looking. */
export function criteriaTable(
  { criteria }: Pick<CandidateGate, "criteria">,
  suffix: string,
): Block {
  return tableOf({
    id: `criteria${suffix}`,
    items: criteria,
    columns: [
      { title: "Criterion", isKey: true, cell: ({ criterion }) => criterion },
      {
        title: "Literal",
        meaning: "Whether the figure itself meets its threshold.",
        cell: ({ is_met }) => sayMet(is_met),
      },
      {
        title: "Fixed-n",
        meaning: "What the evidence says if this is the only look.",
        cell: ({ fixed_n }) => textCell(fixed_n, NO_ANYTIME.tests),
      },
      {
        title: "Anytime-valid",
        meaning: "What the evidence says at every look at once.",
        cell: ({ criterion, anytime }) => textCell(anytime, whyNoAnytime(criterion)),
      },
      {
        title: "Signs, anytime-valid",
        meaning: "The same, by the number of cheaper pairs alone.",
        cell: ({ signs }) => textCell(signs, NO_SIGNS),
      },
    ],
    none: "No criterion was read yet.",
    meaning: "Literal compares the figure with its threshold; the others ask for evidence.",
    method: METHOD.gates,
  });
}

/** What the gates last decided, in short: each gate and criterion, without the figures of the look. */
export function gateSummary(report: ReportData): readonly Section[] {
  const { gate, asked } = report;
  if (gate === null) return [];
  return [
    {
      id: "gates",
      title: `Gates: ${gate.verdict.toUpperCase()}, policy ${gate.policy}${sayAmended(gate)}; see experiment gate --experiment ${asked.experiment_id}`,
      blocks: [],
      parts: gate.candidates.map((one, index) => ({
        id: `gates-${index + 1}`,
        title: markAffected(candidateTitle(one), decisionAffectedBy(report, one.candidate)),
        about: one.candidate,
        blocks: [
          figuresOf(METHOD.gates, [seatFigure(one), ...gateFigures(one.gates)]),
          criteriaTable(one, `-${index + 1}`),
        ],
      })),
    },
  ];
}
