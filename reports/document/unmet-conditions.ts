import type { CandidateGate } from "../report/gate-report.ts";
import type { Block } from "./document.ts";
import { METHOD } from "./method.ts";
import { figuresOf, notAvailable, numberColumn, tableOf } from "./parts.ts";

type Unmet = CandidateGate["unmet"][number];
type UnmetLine = Unmet & { readonly candidate: string };
interface Conditions {
  readonly candidate: string;
  readonly unmet: readonly Unmet[];
}

/** The conditions that still hold a candidate back. */
export function unmetTable(candidates: readonly Conditions[], suffix = ""): Block {
  const items = candidates.flatMap(({ candidate, unmet }) =>
    unmet.map((line): UnmetLine => ({ candidate, ...line })),
  );
  return tableOf({
    id: `unmet${suffix}`,
    items,
    columns: [
      { title: "Not met", isKey: true, cell: ({ reason }) => reason },
      { title: "Why", isProse: true, cell: ({ explanation }) => explanation },
      numberColumn<UnmetLine>("More windows", "Windows that would meet it, by the data so far.", {
        read: ({ more_windows }) => more_windows,
        write: atLeast,
        why: NO_HELP,
      }),
      { title: "Candidate", isKey: true, cell: ({ candidate }) => candidate },
    ],
    none: "Every condition is met.",
    meaning: "The conditions that still hold a candidate back.",
    method: METHOD.gates,
  });
}

const NO_HELP = "windows do not help, or 1,000 are too few";

/** How many windows would meet all conditions that windows can meet. */
export function moreWindows(
  { more_windows: { optimistic, conservative } }: Pick<CandidateGate, "more_windows">,
  about = "",
): Block {
  return figuresOf(METHOD.gates, [
    {
      name: `More windows${about}`,
      value:
        optimistic === null && conservative === null
          ? notAvailable(NO_HELP)
          : `${sayMore(optimistic)} as things stand, ${sayMore(conservative)} at the upper limit of the spread`,
      number: optimistic,
      meaning: "Windows that would meet all conditions that windows can meet.",
    },
  ]);
}

function sayMore(windows: number | null): string {
  return windows === null ? notAvailable(NO_HELP) : atLeast(windows);
}

function atLeast(windows: number): string {
  return `≥ ${windows}`;
}
