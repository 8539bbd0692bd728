import type { ReportData } from "../report/report-data.ts";
import type { Block, Section } from "./document.ts";
import { planBasisText } from "./dollar-lines.ts";
import { gateFileFigure } from "./gate-words.ts";
import { METHOD } from "./method.ts";
import { figuresOf, notAvailable, tableOf, textOr } from "./parts.ts";

const NOT_REGISTERED = "nothing was registered";
const NOT_RECORDED = "not recorded";

/** What was asked before the first window, and what changed since. */
export function registrationSection(report: ReportData): Section {
  return {
    id: "registration",
    title: "Pre-registration and departures",
    blocks: [
      askedFigures(report),
      providerTable(report),
      taskTable(report),
      ...departureBlocks(report),
    ],
  };
}

function askedFigures({ asked, dollars }: ReportData): Block {
  const { registered_at: at, registration_sha256: sha256, is_cost_comparable } = asked;
  const scope = asked.cost_scope === "subagents" ? ", of sub-agents' requests alone" : "";
  const comparable = is_cost_comparable ? "" : "; not comparable between these providers";
  return figuresOf(METHOD.question, [
    { name: "Name", value: asked.name, meaning: "The name in the configuration." },
    {
      name: "Baseline",
      value: textOr(asked.baseline, "no baseline was named"),
      meaning: "The provider that you use today.",
    },
    {
      name: "Candidates",
      value: asked.candidates.join(", ") || notAvailable("only one provider was worked with"),
      meaning: "The providers that are compared with the baseline.",
    },
    {
      name: "Cost",
      value: `${sayMeasure(asked)}${sayBasis({ asked, dollars })}${scope}${comparable}`,
      meaning: "The measure that two windows of a task are compared by.",
      method: METHOD.cost,
    },
    {
      name: "Quality",
      value: sayQuality(asked),
      meaning: "How well a task was solved, from 0 to 1.",
      method: METHOD.cost,
    },
    {
      name: "Seed",
      value: textOr(asked.seed, NOT_REGISTERED),
      meaning: "Draws the order of the providers for each task.",
      method: METHOD.order,
    },
    {
      name: "Experiment",
      value: `${asked.experiment_id}, registered ${textOr(at, NOT_REGISTERED)}`,
      meaning: "A change of the question makes another experiment.",
    },
    {
      name: "Registration (SHA-256)",
      value: textOr(sha256, NOT_REGISTERED),
      meaning: "The hash of the question, recorded before the first window.",
    },
  ]);
}

const QUALITY_RULES = {
  "mean-of-shares":
    "the mean of two shares: visible scenarios passed and held-out scenarios passed",
  "share-of-scenarios": "the share of all scenarios that passed, as in earlier versions",
} as const;

function sayQuality({ quality_rule: rule }: ReportData["asked"]): string {
  return rule === null ? "what was typed for each window" : QUALITY_RULES[rule];
}

function sayBasis({ asked, dollars }: Pick<ReportData, "asked" | "dollars">): string {
  const basis = planBasisText(dollars.windows, asked.providers);
  return asked.cost_measure !== "usd" || basis === null ? "" : `, ${basis}`;
}

function sayMeasure({ cost_measure, cost_meter, token_basis }: ReportData["asked"]): string {
  if (cost_measure === "usd") return "dollars";
  if (cost_measure === "tokens") return `tokens, basis ${token_basis}`;
  return cost_meter === null
    ? "none: no meter was read of two providers"
    : `what was taken of the meter ${cost_meter}`;
}

function providerTable({ asked }: ReportData): Block {
  return tableOf({
    id: "registered-providers",
    items: asked.providers,
    columns: [
      { title: "Provider", isKey: true, cell: ({ provider }) => provider },
      { title: "Role", cell: ({ role }) => role },
      { title: "Driver", cell: ({ driver }) => textOr(driver, NOT_RECORDED) },
      { title: "Vendor", cell: ({ vendor }) => textOr(vendor, NOT_RECORDED) },
      { title: "Model", cell: ({ model }) => textOr(model, NOT_RECORDED) },
      { title: "Upstream", cell: ({ upstream }) => textOr(upstream, NOT_RECORDED) },
    ],
    none: "No provider was registered.",
    meaning: "The providers: the driver starts the agent, and the upstream answers it.",
    method: METHOD.question,
  });
}

function taskTable({ asked }: ReportData): Block {
  const hasCohorts = asked.tasks.some(({ cohort }) => cohort > 1);
  const cohort = {
    title: "Cohort",
    meaning: "Tasks of one cohort were registered together; the first are 1.",
    cell: (task: ReportData["asked"]["tasks"][number]) => String(task.cohort),
  };
  return tableOf({
    id: "registered-tasks",
    items: asked.tasks,
    columns: [
      { title: "Task", isKey: true, cell: ({ feature_id }) => feature_id },
      { title: "Title", cell: ({ title }) => textOr(title, NOT_RECORDED) },
      { title: "Stratum", cell: ({ stratum }) => textOr(stratum, NOT_RECORDED) },
      ...(hasCohorts ? [cohort] : []),
      { title: "Digest (SHA-256)", cell: ({ digest }) => textOr(digest, NOT_RECORDED) },
    ],
    none: "No task was registered.",
    meaning: "The digest covers the task's prompt, its files and its acceptance suite.",
    method: METHOD.question,
  });
}

function departureBlocks({ ran, gate }: ReportData): readonly Block[] {
  const { sessions, amendments } = ran;
  const ends = sessions.map(
    ({ closed, resumed }) => `${closed ?? "no word of its end"}${resumed ? ", resumed" : ""}`,
  );
  const changed = amendments.flatMap((one) => one.changed);
  return [
    figuresOf(METHOD.question, [
      {
        name: "Sessions",
        value: `${sessions.length} (${ends.join("; ") || "none"})`,
        meaning: "Calls of run that worked on this experiment, each with its end.",
      },
      {
        name: "Amendments",
        value: `${amendments.length}${changed.length > 0 ? ` (${changed.join(", ")})` : ""}`,
        meaning: "Changes of budgets, limits or paths between sessions; the question stayed.",
      },
      ...(gate === null ? [] : [gateFileFigure(gate)]),
    ]),
    ...(amendments.length === 0
      ? []
      : [
          tableOf({
            id: "amendments",
            items: amendments,
            columns: [
              { title: "Recorded at", isKey: true, cell: ({ recorded_at }) => recorded_at },
              { title: "Changed", cell: (one) => one.changed.join(", ") },
            ],
            meaning: "Each change between two sessions, with its time.",
            method: METHOD.question,
          }),
        ]),
  ];
}
