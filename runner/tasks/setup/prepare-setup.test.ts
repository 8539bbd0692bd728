import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync } from "node:fs";
import { appendFile, chmod, mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect, onTestFinished, test, vi } from "vitest";

import type { Environment } from "../../platform/environment/environment.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import type { CommandTask } from "../bank/task.ts";
import { createWorkspace } from "../workspaces/create-workspace.ts";
import { prepareSetup } from "./prepare-setup.ts";
import { type CommitLab, openCommitLab } from "./test-support/commit-lab.ts";

const SHARED = "node_modules/left-pad/index.js";
const INSTALL = `mkdir -p $(dirname ${SHARED}) && echo original > ${SHARED} && chmod 444 ${SHARED} && echo kept > $HOME/kept && date +%s%N > ran`;

async function openShared() {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { ".gitignore": "node_modules\nran\n", "a.js": "1\n" });
  return { lab, task: lab.task(start, { setup: { runs: [["sh", "-c", INSTALL]] } }) };
}

test("setup runs once, and what one window does to its files no other one sees", async () => {
  const { lab, task } = await openShared();
  const said: string[] = [];
  await prepareSetup(task, lab.environment, { say: (sentence) => said.push(sentence) });
  expect(said).toEqual([
    expect.stringContaining("parser: checking out"),
    expect.stringContaining("parser: setting up: sh -c"),
    expect.stringMatching(/^parser: set up in [\d.]+ s\.$/u),
  ]);
  const open = (name: string) =>
    createWorkspace({ task, root: path.join(lab.root, "work"), name }, lab.environment);
  const first = await open("W0-01-1");
  const file = path.join(first.folder, SHARED);
  await chmod(file, 0o666);
  await appendFile(file, "changed\n");
  await writeFile(path.join(first.folder, "node_modules", "planted"), "");
  await writeFile(path.join(String(first.setupHome), "kept"), "changed\n");
  const second = await open("W0-02-1");
  expect(readFileSync(path.join(second.folder, SHARED), "utf8")).toBe("original\n");
  expect(existsSync(path.join(second.folder, "node_modules", "planted"))).toBe(false);
  expect(readFileSync(path.join(String(second.setupHome), "kept"), "utf8")).toBe("kept\n");
  expect(readFileSync(path.join(second.folder, "ran"), "utf8")).toBe(
    readFileSync(path.join(first.folder, "ran"), "utf8"),
  );
  for (const { base } of [first, second]) await removeFolder(base);
});

const IMPORTS = ["./prepare-setup.ts", "../../platform/environment/environment.ts"]
  .map((file) => `await import(${JSON.stringify(new URL(file, import.meta.url).href)})`)
  .map(
    (module, index) =>
      `const { ${["prepareSetup", "processEnvironment"][index] ?? ""} } = ${module};`,
  )
  .join("\n");

/** Runs a module in a process of its own. */
function runModule(code: string, task: CommandTask, env: Environment["variables"]) {
  const args = ["--no-warnings", "--input-type=module", "-e", code, JSON.stringify(task)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => {
    text += String(chunk);
  });
  return { child, said: () => text };
}

test("sessions that prepare one commit at once run its setup once", async () => {
  const { lab, task } = await openShared();
  const code = `${IMPORTS}
console.log((await prepareSetup(JSON.parse(process.argv[1]), processEnvironment())).isReused);`;
  const runs = ["a", "b"].map(async () => {
    const { child, said } = runModule(code, task, lab.environment.variables);
    await once(child, "close");
    return said().trim();
  });
  expect((await Promise.all(runs)).toSorted()).toEqual(["false", "true"]);
});

test("what a killed run left half-made is not used", async () => {
  const lab = await openCommitLab({ SLOW: "1" });
  const start = await lab.commit("First", { "a.js": "1\n" });
  const run = [
    "sh",
    "-c",
    'echo first > half; if [ "$SLOW" = 1 ]; then sleep 600; fi; echo whole > made',
  ];
  const task = lab.task(start, { setup: { runs: [run], variables: ["SLOW"] } });
  const code = `${IMPORTS}
const say = (sentence) => process.stdout.write(sentence + "\\n");
await prepareSetup(JSON.parse(process.argv[1]), processEnvironment(), { say });`;
  const { child, said } = runModule(code, task, lab.environment.variables);
  while (!said().includes("setting up")) await sleep(20);
  child.kill("SIGKILL");
  await once(child, "close");
  const setups = path.join(lab.root, "cache", "setups");
  expect((await readdir(setups)).some((name) => name.includes(".making-"))).toBe(true);
  const variables = { ...lab.environment.variables, SLOW: "0" };
  const { tree, isReused } = await prepareSetup(task, { ...lab.environment, variables });
  expect(isReused).toBe(false);
  expect(readFileSync(path.join(tree, "made"), "utf8")).toBe("whole\n");
  expect((await readdir(setups)).some((name) => name.includes(".making-"))).toBe(false);
});

test("a setup that fails is named with its output, and leaves nothing", async () => {
  const { lab, task } = await openShared();
  const run = ["sh", "-c", "echo no such package >&2; exit 3"];
  const broken = lab.task(task.workspace.commit, { setup: { runs: [run] } });
  await expect(prepareSetup(broken, lab.environment)).rejects.toThrow(
    /the setup of parser failed: `sh -c .*`: it exited with 3\. Nothing was spent\. .*ends with:\nno such package$/su,
  );
  const setups = await readdir(path.join(lab.root, "cache", "setups"));
  expect(setups.filter((name) => !name.endsWith(".lock"))).toEqual([]);
});

test.each(["as it starts", "while it runs"])("a setup ends if interrupted %s", async (when) => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "1\n" });
  const run = ["sh", "-c", "touch began; sleep 3600"];
  const task = lab.task(start, { setup: { runs: [run] } });
  const setups = path.join(lab.root, "cache", "setups");
  const interrupt = new AbortController();
  const isDue = () => when === "as it starts" || globSync(`${setups}/*/tree/began`).length > 0;
  const say = (sentence: string) => {
    if (!sentence.includes("setting up")) return;
    void vi.waitUntil(isDue, { timeout: 120_000 }).then(() => interrupt.abort());
  };
  const watch = { say, signal: interrupt.signal };
  await expect(prepareSetup(task, lab.environment, watch)).rejects.toThrow("it was ended");
  expect((await readdir(setups)).filter((name) => !name.endsWith(".lock"))).toEqual([]);
});

test("setup sees the variables that the task names, and no others", async () => {
  const lab = await openCommitLab({ INDEX_TOKEN: "secret", OTHER_TOKEN: "other" });
  const start = await lab.commit("First", { "a.js": "1\n" });
  const runs = [["sh", "-c", "env > $HOME/env"]];
  const setup = { runs, variables: ["INDEX_TOKEN"] };
  const { home } = await prepareSetup(lab.task(start, { setup }), lab.environment);
  const seen = readFileSync(path.join(home, "env"), "utf8");
  expect(seen).toContain("INDEX_TOKEN=secret\n");
  expect(seen).not.toContain("OTHER_TOKEN");
  const unset = lab.task(start, { setup: { runs, variables: ["NO_SUCH_TOKEN"] } });
  await expect(prepareSetup(unset, lab.environment)).rejects.toThrow(
    "setup.env names NO_SUCH_TOKEN, which is not set.",
  );
});

test("a setup that fails is shown without the values that it got", async () => {
  const value = "c0ffee-4711-c0ffee";
  const lab = await openCommitLab({ INDEX: value });
  const start = await lab.commit("First", { "a.js": "1\n" });
  const runs = [["sh", "-c", 'echo "$INDEX" is no key; printf %s "me:$INDEX" | base64; exit 1']];
  const task = lab.task(start, { setup: { runs, variables: ["INDEX"] } });
  const failing = prepareSetup(task, lab.environment);
  await expect(failing).rejects.toThrow(`${"*".repeat(value.length)} is no key`);
  await expect(failing).rejects.not.toThrow(Buffer.from(`me:${value}`).toString("base64"));
});

/** The lab's environment with a PATH that has no bubblewrap. */
async function withoutSandbox({ root, environment }: CommitLab): Promise<Environment> {
  const { variables } = environment;
  const bin = path.join(root, "bin");
  await mkdir(bin);
  for (const name of ["git", "sh"]) {
    await symlink(String(await findExecutable(name, variables["PATH"])), path.join(bin, name));
  }
  return { ...environment, variables: { ...variables, PATH: bin } };
}

test.each([
  ["setup reaches the hosts that the task names, and no others", false],
  ["without a sandbox, a setup that asks its proxy reaches the same hosts", true],
])("%s", async (_title, isBare) => {
  const lab = await openCommitLab();
  const environment = isBare ? await withoutSandbox(lab) : lab.environment;
  const server = createServer((_, response) => response.end("a package"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const address = server.address();
  const port = typeof address === "object" ? String(address?.port) : "";
  const fetchIt = `const { request } = require("node:http");
const proxy = new URL(process.env.HTTPS_PROXY);
const ask = request({ host: proxy.hostname, port: proxy.port, method: "CONNECT", path: "localhost:${port}" });
ask.on("connect", (answer, socket) => {
  if (answer.statusCode !== 200) { console.error("refused", answer.statusCode); process.exit(4); }
  request({ createConnection: () => socket, host: "localhost" }, (got) => {
    let body = ""; got.on("data", (chunk) => (body += chunk));
    got.on("end", () => { require("node:fs").writeFileSync(process.env.HOME + "/got", body); process.exit(0); });
  }).end();
}).end();`;
  const start = await lab.commit("First", { "fetch.cjs": fetchIt });
  const runs = [[process.execPath, "fetch.cjs"]];
  const allowed = lab.task(start, { setup: { runs, allowedHosts: ["localhost"] } });
  const { home } = await prepareSetup(allowed, environment);
  expect(readFileSync(path.join(home, "got"), "utf8")).toBe("a package");
  const other = lab.task(start, { setup: { runs, allowedHosts: ["packages.example.com"] } });
  await expect(prepareSetup(other, environment)).rejects.toThrow(
    /It asked for hosts that setup\.network does not allow: localhost\..*refused 403/su,
  );
});

test("setup can't change the repository that the harness trusts", async () => {
  const lab = await openCommitLab();
  const start = await lab.commit("First", { "a.js": "1\n" });
  const run = [
    "sh",
    "-c",
    "echo '[core]\n\tfsmonitor = touch /tmp/planted' >> .git/config; echo x > .git/hooks-planted",
  ];
  const { tree } = await prepareSetup(lab.task(start, { setup: { runs: [run] } }), lab.environment);
  expect(readFileSync(path.join(tree, ".git", "config"), "utf8")).not.toContain("fsmonitor");
  expect(existsSync(path.join(tree, ".git", "hooks-planted"))).toBe(false);
});
