import type { CommandTask, GherkinTask, Task } from "../../tasks/bank/task.ts";

/**
 * What the agent is asked to do. It does not begin with a slash: a CLI would take that for a
 * command of its own.
 */
export function composePrompt(task: Task): string {
  return task.kind === "gherkin" ? composeFeature(task) : composeChange(task);
}

function composeChange({ title, statement, solutionPaths, acceptance }: CommandTask): string {
  const only =
    solutionPaths === undefined
      ? ""
      : ` Only changes under ${solutionPaths.join(", ")} are accepted.`;
  return [
    `Task: ${title}`,
    "Change the repository in the current folder so that it does what is described below.",
    `Work alone and to the end: nobody answers questions.${only}`,
    "Files that git ignores are not part of your work.",
    `It is accepted when the repository's tests pass, also further ones that are not shown here. This command runs them: ${acceptance.run.join(" ")}`,
    "",
    statement,
  ].join("\n");
}

function composeFeature(task: GherkinTask): string {
  return [
    `Implement the feature "${task.title}" in the current folder.`,
    `The specification below stands in features/${task.id}.feature; README.md names the module to write.`,
    `Change only files under ${task.solutionPaths.join(", ")}. Work alone and to the end: nobody answers questions.`,
    "It is accepted when every scenario passes, also further ones of the same kind that are not shown here.",
    "",
    task.featureText,
  ].join("\n");
}
