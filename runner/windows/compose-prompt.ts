import type { Task } from "../bank/task.ts";

/**
 * What the agent is asked to do. It does not begin with a slash: a CLI would take that for a
 * command of its own.
 */
export function composePrompt(task: Task): string {
  return [
    `Implement the feature "${task.title}" in the current folder.`,
    `The specification below stands in features/${task.id}.feature; README.md names the module to write.`,
    `Change only files under ${task.solutionPaths.join(", ")}. Work alone and to the end: nobody answers questions.`,
    "It is accepted when every scenario passes, also further ones of the same kind that are not shown here.",
    "",
    task.featureText,
  ].join("\n");
}
