import { countNoun } from "../../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { COLUMNS, wrapText } from "../../../../reports/text/wrap-text.ts";
import { chooseTasks } from "../../../plan/config/choose-tasks.ts";
import type { CommandTask, Task } from "../../../tasks/bank/task.ts";
import { proofFacts, readProof, TestsProof } from "../../../tasks/check/proof.ts";
import { sizeOfTask } from "../../../tasks/check/size-of-task.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { taskShow as definition } from "./definition.ts";
import { sayProof } from "./list.ts";

/** Shows one task. */
export const taskShow: CodeOf<typeof definition> = async (options, environment) => {
  const { id, bank, config } = options;
  const shown = chooseTasks({ bank, config }, environment, [id]).map((task) => ({
    ...task,
    size: sizeOfTask(task),
    proof: readProof(task.folder) ?? null,
    say: () => describe(task, columnsOf(environment) ?? COLUMNS),
  }));
  const [task] = shown;
  if (task === undefined) throw new Error(`There is no task ${id}.`);
  const { say, ...facts } = task;
  return doneWith(options, facts, say);
};

const NAME_COLUMNS = 11;

function describe(task: Task, columns: number): string {
  const { lines, files } = sizeOfTask(task);
  const facts: readonly (readonly [string, string])[] = [
    ["Task", `${task.id}: ${task.title}`],
    ["Folder", task.folder],
    ["Language", task.language],
    ["Stratum", task.stratum],
    ["Solution", `${countNoun(lines, "line")} in ${countNoun(files, "file")}`],
    ["Limits", `${String(task.tokensMax)} tokens, ${String(task.timeoutS)} s`],
    ["Digest", task.digest],
    ["Proven", sayProof(proofFacts(task))],
    ...(task.kind === "command" ? commandFacts(task) : []),
  ];
  return [
    ...facts.map(([name, value]) => {
      const parts = wrapText(toPlainLine(value), columns - NAME_COLUMNS);
      return `${name}:`.padEnd(NAME_COLUMNS) + parts.join(`\n${" ".repeat(NAME_COLUMNS)}`);
    }),
    "",
    (task.kind === "command" ? task.statement : task.featureText).trim(),
  ].join("\n");
}

function commandFacts({
  workspace,
  setup,
  acceptance,
  folder,
}: CommandTask): readonly (readonly [string, string])[] {
  const { failToPass, passToPass, canaries } = acceptance;
  const flaky = TestsProof.safeParse(readProof(folder)).data?.flaky ?? [];
  return [
    ["Starts at", `${workspace.commit.slice(0, 10)} of ${workspace.repo}`],
    ...(workspace.path === "" ? [] : [["Works in", workspace.path] as const]),
    ...setup.runs.map((run) => ["Setup", run.join(" ")] as const),
    ["Tests", acceptance.run.join(" ")],
    ["Graded by", failToPass.join("; ")],
    ["Kept", `${String(passToPass.length)} tests that pass before and after`],
    ["Canaries", canaries.join("; ") || "none"],
    ...(flaky.length === 0 ? [] : [["Flaky", flaky.join("; ")] as const]),
  ];
}
