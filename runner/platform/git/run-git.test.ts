import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { temporaryFolder } from "../test-support/temporary-folder.ts";

test("a Ctrl-C for the whole process group does not reach git", async () => {
  const folder = temporaryFolder();
  const git = path.join(folder, "git");
  const [asked, goOn] = [path.join(folder, "asked"), path.join(folder, "go-on")];
  const wait = `until [ -e ${goOn} ]; do /bin/sleep 0.05; done`;
  writeFileSync(git, `#!/bin/sh\necho > ${asked}\n${wait}\necho finished\n`);
  chmodSync(git, 0o755);
  const program = `
    import { runGit } from ${JSON.stringify(path.join(import.meta.dirname, "run-git.ts"))};
    process.on("SIGINT", () => console.log("interrupted"));
    const call = { gitDir: "/", args: ["status"] };
    console.log(await runGit(call, { variables: { PATH: ${JSON.stringify(folder)} } }));
  `;
  const run = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  run.stdout.setEncoding("utf8").on("data", (text: string) => void (said += text));
  await expect.poll(() => existsSync(asked)).toBe(true);
  process.kill(-(run.pid ?? 0), "SIGINT");
  await expect.poll(() => said).toContain("interrupted");
  writeFileSync(goOn, "");
  expect(await once(run, "close")).toEqual([0, null]);
  expect(said).toContain("finished");
});
