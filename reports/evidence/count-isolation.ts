import { z } from "zod";

import type { Evidence } from "./evidence.ts";
import { groupSorted } from "./group-sorted.ts";
import { Count, exact, listOf, Text } from "./schema.ts";

/** How agents and graded code were isolated, by number of windows. */
export const Isolation = listOf(
  exact({ part: z.enum(["agent", "grader"]), isolation: Text, windows: Count }),
);
type Isolation = z.infer<typeof Isolation>;

/** The isolation of agents, and of what they wrote while it was graded, by number of windows. */
export function countIsolation({ windows }: Evidence): Isolation {
  const finals = windows.flatMap(({ final }) => final ?? []);
  const agents = finals.flatMap(({ agent_isolation }) => agent_isolation ?? []);
  const graders = finals
    .filter(({ quality }) => quality !== null)
    .map(({ isolation }) => isolation ?? "none");
  return [...countBy("agent", agents), ...countBy("grader", graders)];
}

function countBy(part: "agent" | "grader", names: readonly string[]): Isolation {
  return groupSorted(names, (name) => name).map(([isolation, { length }]) => ({
    part,
    isolation,
    windows: length,
  }));
}
