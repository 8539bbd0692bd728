import { markdownTable } from "markdown-table";

import { DIVERGENCE_SHARE } from "../../ledger/invariants/divergence.ts";
import { compareSources, type SourceComparison } from "../../ledger/invariants/reconcile.ts";
import { formatPercent } from "../../reports/text/number-text.ts";
import { dollarTable } from "./dollar-table.ts";
import { type RecordedRun, type RecordedSource, recordedRuns } from "./recorded-runs.ts";

/** The clients that were recorded, by the first word of a run's name. */
const CLIENTS: Readonly<Record<string, string>> = {
  claude: "Claude Code",
  codex: "Codex",
  gemini: "Gemini CLI",
  opencode: "OpenCode",
  pi: "pi",
  qwen: "Qwen Code",
};

const CLASSES = ["input_uncached", "cache_read", "cache_write", "output", "reasoning"] as const;

const HEAD = [
  "client",
  "run",
  "source",
  "compared",
  "input",
  "cache read",
  "cache write",
  "output",
  "reasoning",
  "difference",
];

/** How the sources of real runs agree with the model server, which sent every token. */
export async function agreementPage(): Promise<string> {
  const runs = await recordedRuns();
  const rows = runs.flatMap((run) => run.sources.map((source) => rowOf(run, source)));
  return `<!-- "npm run reference" writes this page from recorded runs. -->

# How the sources agree

Real clients worked on a task against a scripted model server, which knew every token that it sent. This page compares what
each source says with the server's count, class by class. A cell has one number if both are the same. Otherwise it has the
source's number and then the server's: \`156 for 569\`. A cell with – is not compared, because the source does not state
this class. Answers that broke off are left out.

- \`proxy\` is what our proxy reads in the server's answers. \`codex-rollout\` and names that end in
  \`session\` are session logs. \`claude-result\` and \`codex-exec\` are what the client prints at its end, and so are the
  rows with a client's name.
- If a source leaves sub-agents out, only the main agent's tokens are compared.
- OpenCode also leaves out the title of its session, for which it asks a small model. Its report has fewer tokens for that
  reason, and that alone does not make it divergent.
- Qwen Code counts what it writes to the cache as input, so its input is compared with input and cache writes together.
- Rows of \`otlp\` name what was sent: requests, counters or both. They come from separate runs.

${markdownTable([HEAD, ...rows])}

## Dollars

The same runs in dollars: by the shipped prices on what the proxy read, by the client itself, and by ccusage on the session
log. A cell with – has none. If the list lacks a price for one of the token classes, the cost is unknown, and in a report it is
a lower bound.

${dollarTable(runs)}

\`experiment reconcile\` makes the same comparison for your own windows.
`;
}

function rowOf({ name, version, dealt }: RecordedRun, source: RecordedSource): readonly string[] {
  const reference = { source: "proxy", lanes: dealt };
  const compared = compareSources({ reference, source }, DIVERGENCE_SHARE);
  const [client = "", ...run] = name.split("-");
  return [
    `${CLIENTS[client] ?? client} ${version}`,
    run.join("-"),
    source.source,
    compared.lane === "main" ? "main agent" : "all",
    ...CLASSES.map((one) => cellOf(compared, one)),
    sayDifference(compared, source),
  ];
}

function cellOf({ classes }: SourceComparison, name: (typeof CLASSES)[number]): string {
  const found = classes.find((one) => one.class === name);
  if (found === undefined) return "–";
  const { reference, source } = found;
  return reference === source ? String(source) : `${String(source)} for ${String(reference)}`;
}

/** A report that leaves requests out can't be divergent for having fewer tokens. */
function sayDifference(
  { difference, isDivergent }: SourceComparison,
  { isPartial = false }: RecordedSource,
): string {
  const share = difference === 0 ? "none" : formatPercent(difference);
  return isDivergent && !isPartial ? `${share}, divergent` : share;
}
