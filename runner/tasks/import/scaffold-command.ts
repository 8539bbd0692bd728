import { type TaskText, taskText } from "./task-text.ts";

/**
 * The files of a new task that a command grades. Its tests and its solution are still missing, and
 * `task check` says so.
 */
export function commandScaffold(facts: TaskText): Readonly<Record<string, string>> {
  return {
    "task.yaml": taskText(facts),
    "statement.md": `Write here what the agent is asked for. Say what has to work, not how.
`,
    "hidden/README.md": `Put the tests here, laid out as in the repository. They are laid over the agent's work.
`,
    "solution.patch": "",
  };
}
