import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { commitFolder } from "../../platform/git/repository.ts";
import { runGit } from "../../platform/git/run-git.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { keepSealedWork, restoreSealedWork } from "./sealed-work.ts";
import { makeGreetingTask } from "./test-support/greeting-task.ts";
import { HOSTILE_ATTRIBUTES, HOSTILE_NAME } from "./test-support/hostile-rule.ts";

const environment = processEnvironment();

/** Commits files, keeps the commit as a bundle, and reads what the bundle gives back. */
async function restored(files: Readonly<Record<string, string>>) {
  const base = temporaryFolder();
  const [gitDir, folder, to] = ["git", "work", "to"].map((name) => path.join(base, name));
  if (gitDir === undefined || folder === undefined || to === undefined)
    throw new Error("No folder.");
  mkdirSync(folder);
  await runGit({ gitDir, args: ["init", "--bare", "--quiet"] }, environment);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const task = await makeGreetingTask(path.join(base, "task"));
  const listed = { files: Object.keys(files), message: "The work" };
  const commitEnd = await commitFolder({ gitDir, folder, ...listed }, environment);
  const work = await keepSealedWork(
    { gitDir, commitStart: commitEnd, commitEnd },
    { captures: path.join(base, "captures"), task },
    environment,
  );
  if (work === null) throw new Error("Nothing was kept.");
  await restoreSealedWork(work, { dataFolder: base, folder: to, task }, environment);
  const entries = readdirSync(to, { recursive: true, withFileTypes: true });
  const found = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    found.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(to, file), readFileSync(file, "utf8")];
    }),
  );
}

test.each([
  ["nothing, because the agent removed all", {}],
  [
    "attributes that would change the files",
    {
      ".gitattributes": "* text eol=crlf ident working-tree-encoding=UTF-16\n",
      "src/a.ts": "// $Id$\n",
      "src/b.ts": "1;\r\n",
    },
  ],
  [
    "attributes that git compares with names for hours",
    { ".gitattributes": HOSTILE_ATTRIBUTES, [HOSTILE_NAME]: "1" },
  ],
  [
    "names that mean something to git",
    { 'a"b\\c\n': "1", "-x": "2", "src/.gitignore": "*", "src/a.ts": "3", ".gitmodules": "[" },
  ],
])("kept work comes back as it was: %s", async (_, files) => {
  expect(await restored(files)).toEqual(files);
});
