import type { CandidateGate, GateArm, GateReport } from "../gate/gate-report.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markAffected } from "../text/affected-mark.ts";
import { costText } from "../text/amount-text.ts";
import { NO_ANYTIME, NO_SIGNS, whyNoAnytime } from "../text/no-anytime.ts";
import { formatCount, formatFixed, formatPercent } from "../text/number-text.ts";
import type { Block, Section } from "./document.ts";
import { costUnit, holdLines, sayGate, sayMet, sayProtection, stateLines } from "./gate-words.ts";
import { lookFigures } from "./look-figures.ts";
import { METHOD } from "./method.ts";
import { countCell, figuresOf, listOf, numberColumn, tableOf, textOf, textOr } from "./parts.ts";
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
      ...listOf(stateLines(gate, String)),
      ...affectedFootnote(affected).map(textOf),
    ],
    parts: gate.candidates.map((one, index) =>
      candidatePart(gate, one, { affectedBy: affected[index] ?? [], index }),
    ),
  };
}

interface Place {
  readonly affectedBy: readonly number[];
  readonly index: number;
}

function candidatePart(
  gate: GateReport,
  one: CandidateGate,
  { affectedBy, index }: Place,
): Section {
  const suffix = gate.candidates.length > 1 ? `-${index + 1}` : "";
  return {
    id: `gates-${index + 1}`,
    title: `Gates for ${one.candidate}`,
    about: one.candidate,
    blocks: [
      verdictFigures(one, affectedBy),
      ...listOf([sayProtection(gate), ...holdLines(one, String)]),
      ...(one.figures === null
        ? [textOf("No look has figures yet.")]
        : [
            textOf("The figures of the last look, which the decision rests on:"),
            lookFigures(one.figures, gate.gates.thresholds),
          ]),
      armTable(gate, one, suffix),
      criteriaTable(one, suffix),
    ],
  };
}

function verdictFigures(one: CandidateGate, affectedBy: readonly number[]): Block {
  const { gates, policies, seat } = one;
  return figuresOf(METHOD.gates, [
    {
      name: "Seat",
      value: seat === null ? "add none" : `add ${seat.seats}: ${seat.provider}`,
      meaning: "What the verdict says to do.",
    },
    {
      name: "Looks",
      value: markAffected(`${one.looks} looks; the last one at ${one.pairs} pairs`, affectedBy),
      number: one.looks,
      meaning: "How often the figures were looked at, each time on new data.",
      method: METHOD.looks,
    },
    {
      name: "Gates",
      value: `G1 ${sayGate(gates.g1)}, G2 ${sayGate(gates.g2)}, G3 ${sayGate(gates.g3)}`,
      meaning: "Enough evidence, real need, and good enough.",
    },
    {
      name: "Policies",
      value: `literal ${policies.literal}, standard ${policies.standard}, strict ${policies.strict}`,
      meaning: "The verdict under each policy.",
    },
  ]);
}

function armTable({ cost_measure }: GateReport, { arms }: CandidateGate, suffix: string): Block {
  return tableOf({
    id: `gate-arms${suffix}`,
    items: arms,
    columns: [
      { title: "Arm", isKey: true, cell: ({ provider, role }) => `${provider} (${role})` },
      {
        title: "n",
        isNumber: true,
        meaning: "Windows that the look counted.",
        cell: ({ n }) => countCell(n),
      },
      numberColumn<GateArm>(`Cost (${costUnit(cost_measure)}, geometric mean)`, {
        meaning: "Typical cost of a window.",
        read: ({ cost }) => cost,
        write: (value) => costText(value, cost_measure),
        why: "no cost above 0",
      }),
      numberColumn<GateArm>("Quality, last look", {
        meaning: "Mean quality.",
        read: ({ quality }) => quality,
        write: (value) => formatFixed(value, 3),
        why: "no complete pair",
      }),
      numberColumn<GateArm>("Error rate, last look", {
        meaning: "Failed requests ÷ those answered or failed.",
        read: ({ error_rate }) => error_rate,
        write: formatPercent,
        why: "no request was answered",
      }),
      numberColumn<GateArm>("p95 ms, last look", {
        meaning: "95 % of the requests were faster.",
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
function criteriaTable({ criteria }: CandidateGate, suffix: string): Block {
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
        cell: ({ fixed_n }) => textOr(fixed_n, NO_ANYTIME.tests),
      },
      {
        title: "Anytime-valid",
        meaning: "What the evidence says at every look at once.",
        cell: ({ criterion, anytime }) => textOr(anytime, whyNoAnytime(criterion)),
      },
      {
        title: "Signs, anytime-valid",
        meaning: "The same, by the number of cheaper pairs alone.",
        cell: ({ signs }) => textOr(signs, NO_SIGNS),
      },
    ],
    none: "No criterion was read yet.",
    meaning: "Literal compares the figure with its threshold; the others ask for evidence.",
    method: METHOD.gates,
  });
}
