import type { ProviderFigures } from "../report/provider-data.ts";
import type { EndRates } from "../report/rate-ends.ts";
import type { ReportData } from "../report/report-data.ts";
import { affectedFootnote, markFigure } from "../text/affected-mark.ts";
import { formatFixed, formatPercent } from "../text/number-text.ts";
import type { Cell, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { affectedColumn, type ColumnOf, notAvailable, tableOf, textOf } from "./parts.ts";

type EndsLine = Pick<ProviderFigures, "provider" | "touched_by"> & {
  readonly level: keyof EndRates;
  readonly rates: EndRates["windows"];
};

type Way = "left_out" | "as_failures";

/** Rates of ends, with what the provider caused left out, and counted as failures. */
export function endSection({ providers }: ReportData): Section {
  return {
    id: "ends",
    title: "Failure kinds both ways",
    blocks: [
      textOf(
        "A limit (provider_limit) or a failure (infrastructure) of the provider says nothing about the quality of its work, so the figures above leave such ends out. These rates leave them out too, and then count them as failures with quality 0. A window counts by its last attempt.",
      ),
      tableOf({
        id: "ends",
        items: providers.flatMap(listEnds),
        columns: END_COLUMNS,
        none: "No window has ended.",
        meaning: "How a verdict would change if the provider's own failures counted.",
        method: METHOD.ends,
      }),
      ...affectedFootnote(providers.map(({ touched_by }) => touched_by)).map(textOf),
    ],
  };
}

function listEnds({ provider, touched_by, ends }: ProviderFigures): readonly EndsLine[] {
  return (["windows", "attempts"] as const).map((level) => ({
    provider,
    touched_by,
    level,
    rates: ends[level],
  }));
}

const WAYS: Readonly<Record<Way, string>> = {
  left_out: "of the ends that the provider did not cause",
  as_failures: "of all ends; those that the provider caused did not pass",
};

const QUALITY_WAYS: Readonly<Record<Way, string>> = {
  left_out: "of the ends that the provider did not cause",
  as_failures: "of all ends; those that the provider caused have quality 0",
};

const NOTHING = "nothing was graded";

const END_COLUMNS: readonly ColumnOf<EndsLine>[] = [
  { title: "Provider", isKey: true, cell: ({ provider }) => provider },
  { title: "Counted by", isKey: true, cell: ({ level }) => level },
  affectedColumn("At a limit", "Ends at the provider's limit.", {
    read: ({ rates }) => rates.at_limit,
  }),
  affectedColumn("Provider failed", "Ends by a failure of the provider or the network.", {
    read: ({ rates }) => rates.provider_failed,
  }),
  passColumn("Passed, without them", "left_out"),
  passColumn("Passed, as failures", "as_failures"),
  qualityColumn("Quality, without them", "left_out"),
  qualityColumn("Quality, as failures", "as_failures"),
];

/** `75.0 % (3 of 4)`. */
function passColumn(title: string, way: Way): ColumnOf<EndsLine> {
  return {
    title,
    isNumber: true,
    meaning: `Share with the outcome pass, ${WAYS[way]}.`,
    cell: ({ rates, touched_by }): Cell => {
      const { graded, passed, at_limit: limit, provider_failed: failed, pass_rate: share } = rates;
      const whole = way === "left_out" ? graded : graded + limit + failed;
      const text =
        whole === 0
          ? notAvailable(NOTHING)
          : `${formatPercent(share[way])} (${passed} of ${whole})`;
      return { text: markFigure(text, touched_by), sort: share[way] };
    },
  };
}

function qualityColumn(title: string, way: Way): ColumnOf<EndsLine> {
  return affectedColumn(title, `Mean quality ${QUALITY_WAYS[way]}.`, {
    read: ({ rates }) => rates.mean_quality[way],
    write: (value) => formatFixed(value, 3),
    why: NOTHING,
  });
}
