import type { ReportData } from "../report/report-data.ts";
import { countNoun } from "../text/number-text.ts";
import type { Block, Section } from "./document.ts";
import { METHOD } from "./method.ts";
import { listOf, numberColumn, tableOf, textOf } from "./parts.ts";

const SHOWN = 20;

type Machines = NonNullable<ReportData["machines"]>;

/** The windows of each worker; no section if the run itself worked all windows. */
export function machineSections({ machines, asked, providers }: ReportData): readonly Section[] {
  if (machines === null) return [];
  const { workers } = machines;
  return [
    {
      id: "machines",
      title: "Machines",
      blocks: [
        ...classBlocks(machines, asked.baseline),
        tableOf({
          id: "machines",
          items: workers.slice(0, SHOWN),
          columns: [
            // No provider has a space in its name, so no heading is there twice.
            { title: "Worker name", isKey: true, cell: ({ worker }) => worker },
            { title: "Machine class", isKey: true, cell: (one) => one.class },
            ...providers.map(({ provider }) =>
              numberColumn<Machines["workers"][number]>(
                provider,
                `Final windows of ${provider} that this worker worked.`,
                {
                  read: ({ windows }) =>
                    windows.find((one) => one.provider === provider)?.windows ?? 0,
                },
              ),
            ),
          ],
          meaning: "A worker is a process that took windows, on a machine of this class.",
          method: METHOD.conditions,
        }),
        ...moreThanShown(workers.length, "worker").map(textOf),
      ],
    },
  ];
}

function classBlocks(
  { pairs, mixed_pairs: mixed }: Machines,
  baseline: string | null,
): readonly Block[] {
  if (pairs === 0) return [textOf("No pair has two valid windows.")];
  if (mixed.length === 0) return [textOf("Every pair ran on machines of one class.")];
  const named = mixed.slice(0, SHOWN).map((pair) => {
    const sides = [
      `${baseline ?? "the baseline"} on ${pair.baseline_class ?? "an unknown class"}`,
      `${pair.candidate} on ${pair.candidate_class ?? "an unknown class"}`,
    ];
    return `${pair.feature_id}, replicate ${pair.replicate}: ${sides.join(", ")}`;
  });
  return [
    textOf(
      `${mixed.length} of ${countNoun(pairs, "pair")} did not run on machines of one class. Their differences may come from the machines.`,
    ),
    ...listOf([...named, ...moreThanShown(mixed.length, "pair")]),
  ];
}

function moreThanShown(count: number, noun: string): readonly string[] {
  return count > SHOWN ? [`+${countNoun(count - SHOWN, `more ${noun}`)}`] : [];
}
