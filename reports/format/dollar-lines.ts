import type { DollarFigures } from "../report/dollars-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { costText } from "./cost-text.ts";
import { type Column, markdownTable } from "./markdown-table.ts";
import { escapeMarkdown } from "./markdown-text.ts";
import { formatPercent, NOT_AVAILABLE } from "./number-text.ts";
import { toPlainLine } from "./plain-text.ts";
import { listDivergenceText, planBlocks, planSumText } from "./plan-lines.ts";

/** Dollars in short, for a terminal: a line a provider, and what has no price. Empty where nothing has one. */
export function dollarLines({ dollars, asked, ...report }: ReportData): readonly string[] {
  if (!isTold({ dollars, asked, ...report })) return [];
  const providers = asked.providers.flatMap(({ provider }) => {
    const own = dollars.windows.filter((line) => line.provider === provider);
    return own.length === 0 ? [] : [`  ${toPlainLine(`${provider}: ${providerText(own)}`)}`];
  });
  return [
    `Dollars (${pricesText(dollars)}):`,
    ...providers,
    ...lackLines({ asked, dollars }).map(toPlainLine),
  ];
}

/** Dollars of every window, ours beside the agent's own. */
export function dollarSection(report: ReportData): readonly string[] {
  if (!isTold(report)) return [];
  const { dollars } = report;
  const hasPlan = dollars.windows.some(({ plan }) => plan !== null);
  const columns: readonly Column[] = [
    ["Window", "l"],
    ["Provider", "l"],
    [hasPlan ? "List price" : "Dollars", "r"],
    ["By the agent's own word", "r"],
    ["Divergence", "r"],
  ];
  return [
    "## Dollars",
    `Prices: ${escapeMarkdown(pricesText(dollars))}, SHA-256 ${dollars.prices?.sha256 ?? NOT_AVAILABLE}. ${hasPlan ? "A plan's price counts where there is one, else our list price" : "Ours counts"}; what agents say comes from price lists of their own.`,
    ...planBlocks(dollars.windows),
    ...markdownTable(
      columns,
      dollars.windows.map(({ window, provider, amount, known, reported, divergence }) => [
        escapeMarkdown(window),
        escapeMarkdown(provider),
        amount === null && known > 0 ? `≥ ${costText(known, "usd")}` : costText(amount, "usd"),
        costText(reported, "usd"),
        formatPercent(divergence),
      ]),
    ),
    ...lackLines(report).map(escapeMarkdown),
  ];
}

/** Nobody is paid for a scripted model: without a price there is nothing to say. */
function isTold({ dollars, asked, is_scripted }: ReportData): boolean {
  if (dollars.windows.length === 0) return false;
  const hasFigure = dollars.windows.some(
    ({ known, reported, plan }) => known > 0 || reported !== null || plan !== null,
  );
  return hasFigure || !is_scripted || asked.cost_measure === "usd";
}

function pricesText({ prices }: DollarFigures): string {
  if (prices === null) return NOT_AVAILABLE;
  return prices.as_of === null ? prices.name : `${prices.name}, ${prices.as_of}`;
}

function providerText(own: DollarFigures["windows"]): string {
  const paid = planSumText(own);
  if (paid === null) return sumText(own);
  const isListed = own.some(({ known }) => known > 0);
  const off = listDivergenceText(own);
  const listed = `list price ${sumText(own)}${off === null ? "" : ` (${off})`}`;
  return isListed ? `${paid}; ${listed}` : paid;
}

function sumText(lines: DollarFigures["windows"]): string {
  const known = lines.reduce((sum, line) => sum + line.known, 0);
  const isWhole = lines.every(({ amount }) => amount !== null);
  const ours = isWhole ? costText(known, "usd") : `unknown, at least ${costText(known, "usd")}`;
  const told = lines.filter(({ divergence }) => divergence !== null);
  if (told.length === 0) return ours;
  const amount = told.reduce((sum, line) => sum + (line.amount ?? 0), 0);
  const reported = told.reduce((sum, line) => sum + (line.reported ?? 0), 0);
  return `${ours}; by its own word ${costText(reported, "usd")} (${formatPercent(reported / amount - 1)} off)`;
}

function lackLines({ asked, dollars }: Pick<ReportData, "asked" | "dollars">): readonly string[] {
  const { unpriced, untold, windows } = dollars;
  const isPartly = asked.cost_measure === "meter" && windows.length > 0;
  const models = unpriced.map(({ model, provider }) => `${model} (${provider})`);
  return [
    ...(isPartly ? [PARTLY_PAID] : []),
    ...(models.length === 0 ? [] : [`No price: ${models.join(", ")}`]),
    ...(untold === 0 ? [] : [`Requests that did not tell their usage: ${untold}`]),
  ];
}

const PARTLY_PAID =
  "Dollars are not compared: not every window was paid by its provider's plan, at one price. Complete the others once more, with the plan in the configuration.";
