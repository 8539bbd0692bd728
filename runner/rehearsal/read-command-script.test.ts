import { expect, test } from "vitest";

import { openCommitLab } from "../tasks/setup/test-support/commit-lab.ts";
import { readCommandScript } from "./read-command-script.ts";

test("a script of a commit has the changed files of the solution, and how many lines it changes", async () => {
  const lab = await openCommitLab();
  const commit = await lab.commit("Start", { "a.txt": "1\n2\n3\n4\n", "old.txt": "old\n" });
  const task = lab.task(commit);
  await lab.put(lab.repo, { "a.txt": "1\n2\nthree\n4\n" });
  await lab.git("rm", "--quiet", "old.txt");
  const patch = await lab.git("diff", "HEAD");
  await lab.put(task.folder, { "solution.patch": `${patch}\n` });
  expect(await readCommandScript(task, lab.environment)).toMatchObject({
    title: task.title,
    variants: [
      { name: "solution", files: { "a.txt": "1\n2\nthree\n4\n" }, removed: ["old.txt"] },
      { name: "nothing", fails: ["suite"], files: {} },
    ],
    changedLines: 3,
  });
});
