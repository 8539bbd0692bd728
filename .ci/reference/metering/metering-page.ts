import { code, page, section } from "../markdown.ts";
import { APIS, type ApiSample } from "./apis.ts";
import { caseOf, FORMS } from "./forms.ts";
import { caseOfPath, PATHS } from "./paths.ts";
import type { ProtocolCase } from "./protocol-case.ts";
import { type Fates, runCases } from "./run-cases.ts";
import { caseOfVariant, VARIANTS } from "./variants.ts";

interface NamedCase {
  readonly table: "answers" | "usages" | "paths";
  readonly title: string;
  readonly api?: ApiSample;
  readonly asked: ProtocolCase;
}

/** Every case of the page, in its order. */
export const CASES: readonly NamedCase[] = [
  ...FORMS.flatMap((form) =>
    APIS.map((api) => ({
      table: "answers" as const,
      title: form.title,
      api,
      asked: caseOf(api, form),
    })),
  ),
  ...VARIANTS.map((variant) => ({
    table: "usages" as const,
    title: variant.title,
    asked: caseOfVariant(variant),
  })),
  ...PATHS.map((asked) => ({
    table: "paths" as const,
    title: `${asked.title}: ${code(`${asked.method} ${asked.path}`)}`,
    asked: caseOfPath(asked),
  })),
];

/** The page of what the proxy counts. Each case is sent through a proxy, and judged by what it took. */
export async function meteringPage(): Promise<string> {
  const fates = await runCases(CASES.map(({ asked }) => asked));
  const told = CASES.map((one, index) => ({ ...one, fate: sayFates(fates[index]) }));
  const listed = (table: NamedCase["table"]) => told.filter((one) => one.table === table);
  const answers = Map.groupBy(listed("answers"), ({ title }) => title);
  const asRow = ({ title, fate: [free, budgeted] }: (typeof told)[number]) => [
    title,
    free,
    budgeted,
  ];
  const columns = ["without a budget", "under a budget"];
  return page(
    ".ci/reference/metering/",
    "# What the proxy counts",
    `${String(CASES.length)} cases. The program that writes this page sends each one through a proxy without a budget, and through one with a budget. It fails if a count is wrong.`,
    [
      "- **counted**: the exact tokens are recorded, and debited.",
      "- **unknown**: not all tokens are known. The row says so, and the first lines of the report.",
      "- **estimated**: a quarter of the request's bytes and of the answer's text is debited at least, and the debit says `is_estimated`. If we do not know the answer's encoding, its bytes count as they come.",
      "- **refused**: the proxy answers 402 and sends nothing on.",
      "- **costs nothing**: no model works for the request, and it passes.",
    ].join("\n"),
    "## Answers",
    "If a cell has two words, the first one is for no budget, and the second one for a budget. The cost of a window with such an answer is a lower bound.",
    ...section(
      "",
      ["answer", ...APIS.map(({ title }) => title)],
      [...answers].map(([title, cells]) => [title, ...cells.map(({ fate }) => joined(fate))]),
    ).slice(1),
    ...section("## Usages", ["usage", ...columns], listed("usages").map(asRow)),
    "## Other requests",
    "Without a budget, their tokens are in no figure, and the cost of the window is a lower bound. Background work is counted with the first answer to a poll that states its tokens.",
    ...section("", ["request", ...columns], listed("paths").map(asRow)).slice(1),
  );
}

type Told = readonly [free: string, budgeted: string];

function sayFates(fates: Fates | undefined): Told {
  return [fates?.free ?? "", fates?.budgeted ?? ""];
}

function joined([free, budgeted]: Told): string {
  return free === budgeted ? free : `${free}, ${budgeted}`;
}
