import picomatch from "picomatch";

import { HANDOFF_FOLDER } from "./role-prompt.ts";
import type { Role } from "./workflow-file.ts";

/**
 * Says what becomes of a role's change to a file, by its path relative to the workspace. Files next to the
 * handoff are part of no work.
 * @param workPath the folder of the workspace in which the role works; "" for the workspace itself.
 */
export function boundsOf(
  { writes }: Pick<Role, "writes">,
  workPath: string,
): (file: string) => "kept" | "discarded" | "ignored" {
  const place =
    workPath === "" ? HANDOFF_FOLDER : `${workPath.replace(/\/+$/u, "")}/${HANDOFF_FOLDER}`;
  const isMatch = picomatch([...writes], { dot: true });
  return (file) => {
    if (file === place || file.startsWith(`${place}/`)) return "ignored";
    return writes.length > 0 && isMatch(file) ? "kept" : "discarded";
  };
}

/** Whether two roles changed the same file, or one made a folder of what the other made a file. */
export function isSamePlace(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`) || other.startsWith(`${one}/`);
}
