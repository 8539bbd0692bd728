import type { Role } from "./workflow-file.ts";

/** Roles that work at the same time. */
export interface Group {
  readonly roles: readonly Role[];
}

/** The roles of a workflow in the order in which they work. */
export function groupRoles(roles: readonly Role[]): readonly Group[] {
  const groups: Role[][] = [];
  for (const role of roles) {
    const last = groups.at(-1);
    if (role.parallel && last !== undefined) last.push(role);
    else groups.push([role]);
  }
  return groups.map((each) => ({ roles: each }));
}

/** The state when a group has handed over. */
export interface Progress {
  readonly groups: readonly Group[];
  /** The place of the group that has worked. */
  readonly at: number;
  /** Verdicts of its reviewers, by role. */
  readonly verdicts: ReadonlyMap<string, "accept" | "rework">;
  /** How often each reviewer has sent work back. */
  readonly sentBack: ReadonlyMap<string, number>;
}

/** The reviewer that sends work back now; undefined if the next group continues. */
export function reviewerSendingBack(progress: Progress): Role | undefined {
  const { groups, at, verdicts, sentBack } = progress;
  return groups[at]?.roles.find(
    ({ name, sends_back_to: target, rounds_max: most }) =>
      target !== undefined && verdicts.get(name) === "rework" && (sentBack.get(name) ?? 0) < most,
  );
}

/** The place of the group that works next; the number of groups at the end. */
export function nextGroup(progress: Progress): number {
  const { groups, at } = progress;
  const target = reviewerSendingBack(progress)?.sends_back_to;
  if (target === undefined) return at + 1;
  return groups.findIndex(({ roles }) => roles.some(({ name }) => name === target));
}
