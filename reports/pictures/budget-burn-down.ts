import type { PictureBlock } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import { numberColumn } from "../document/parts.ts";
import type { BudgetLine } from "../report/budget-data.ts";
import type { ReportData } from "../report/report-data.ts";
import { limitText, unitWord, usedText } from "../text/amount-text.ts";
import { formatPercent } from "../text/number-text.ts";
import { sayDuration, unitFor } from "./duration.ts";
import { dashOf, DOTTED, layer, linearAxis, lineLayers } from "./layers.ts";
import { emptyPicture, pictureOf } from "./picture-of.ts";
import { linearDomain } from "./scales.ts";

const ID = "budgets";
const TITLE = "Budgets: the share that was left over time";

type Moment = ReportData["budgets"]["burn"][number];
type Limited = BudgetLine & { readonly limit: number };

/** What was left of each budget for the whole experiment, after each attempt. */
export function budgetPicture({ budgets }: ReportData): PictureBlock {
  const { lines, burn, basis } = budgets;
  const limited = lines.filter(isLimitedOverall);
  if (limited.length === 0) {
    return emptyPicture({ id: ID, title: TITLE }, "no budget limits the whole experiment");
  }
  const last = burn.at(-1);
  if (last === undefined) return emptyPicture({ id: ID, title: TITLE }, "nothing has been used");
  const nameOf = ({ unit, limit }: Limited) =>
    `${limitText(unit, limit)}${unit === "tokens" ? " tokens" : unitWord({ unit, basis })}`;
  return pictureOf({
    id: ID,
    title: TITLE,
    alternative: limited.map(
      (line) =>
        `Budget of ${nameOf(line)}: ${formatPercent(leftOf(line, last))} was left after ${sayDuration(last.at_ms)}.`,
    ),
    specification: draw(limited, burn, nameOf),
    items: burn,
    columns: [
      numberColumn<Moment>("Minutes", "Time since the end of the first attempt.", {
        read: ({ at_ms }) => at_ms,
        write: (ms) => (ms / MINUTE_MS).toFixed(2),
      }),
      ...limited.map(({ unit }) =>
        numberColumn<Moment>(`Used, ${unit}`, "What had been used of this budget by then.", {
          read: (moment) => moment[unit],
          write: (amount) => usedText(unit, amount),
        }),
      ),
    ],
    meaning: "Use by attempts that had ended, since the end of the first one.",
    method: METHOD.budgets,
  });
}

const MINUTE_MS = 60_000;

function isLimitedOverall(line: BudgetLine): line is Limited {
  return line.scope === "overall" && line.limit !== null && line.limit > 0;
}

function leftOf({ limit, unit }: Limited, moment: Moment): number {
  return 1 - moment[unit] / limit;
}

function draw(
  limited: readonly Limited[],
  burn: readonly Moment[],
  nameOf: (line: Limited) => string,
): PictureBlock["specification"] {
  const unit = unitFor(burn.at(-1)?.at_ms ?? 0);
  const values = limited.flatMap((line, index) =>
    burn.map((moment) => ({
      budget: nameOf(line),
      dash: dashOf(index),
      at: moment.at_ms / unit.ms,
      left: leftOf(line, moment),
    })),
  );
  const x = {
    ...linearAxis({
      title: `${unit.name} since the end of the first attempt`,
      domain: linearDomain(values.map(({ at }) => at)),
      format: "~r",
    }),
    field: "at",
  };
  const domain = linearDomain([0, 1, ...values.map(({ left }) => left)]);
  const y = linearAxis({ title: "share of the budget left", domain, format: ".0%" });
  const place = { x, y: { ...y, field: "left" } };
  return {
    width: 540,
    height: 240,
    layer: [
      layer([{ at: 0 }], DOTTED, { y: { ...y, field: "at" } }),
      ...lineLayers(values, {
        field: "budget",
        names: limited.map(nameOf),
        moments: burn.length,
        place,
      }),
    ],
  };
}
