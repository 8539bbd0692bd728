import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, expect, test } from "vitest";

import { temporaryFolder } from "../../../platform/test-support/temporary-folder.ts";
import { runTool } from "../run-tool.ts";

let folder = "";
let outside = "";

beforeEach(() => {
  folder = temporaryFolder();
  outside = temporaryFolder();
  writeFileSync(join(outside, "secret.txt"), "secret");
});

function call(name: string, input: unknown, signal = new AbortController().signal) {
  const variables = { PATH: "/usr/bin:/bin" };
  return runTool({ type: "tool_use", id: "t", name, input }, { folder, variables, signal });
}

test("files are written with their folders, read back, and listed", async () => {
  const content = "eins\nzwei — 😀\n";
  expect((await call("write_file", { path: "src/deep/a.mjs", content })).ok).toBe(true);
  expect(await call("read_file", { path: "./src/deep/a.mjs" })).toEqual({
    ok: true,
    output: content,
  });
  expect((await call("list_files", {})).output).toBe("src/\nsrc/deep/\nsrc/deep/a.mjs");
});

test("a file is replaced as a whole", async () => {
  await call("write_file", { path: "a", content: "long text" });
  await call("write_file", { path: "a", content: "" });
  expect(await call("read_file", { path: "a" })).toEqual({ ok: true, output: "" });
});

test("absolute paths inside the working directory are understood", async () => {
  expect((await call("write_file", { path: join(folder, "a"), content: "1" })).ok).toBe(true);
});

test("listing leaves out what is in .git and node_modules, and stops at its limit", async () => {
  mkdirSync(join(folder, ".git/objects"), { recursive: true });
  mkdirSync(join(folder, "node_modules/x"), { recursive: true });
  expect((await call("list_files", { path: "." })).output).toBe(".git/\nnode_modules/");
  mkdirSync(join(folder, "many"));
  for (let index = 0; index < 600; index += 1) writeFileSync(join(folder, "many", `${index}`), "");
  const lines = (await call("list_files", { path: "many" })).output.split("\n");
  expect(lines).toHaveLength(501);
  expect(lines.at(-1)).toContain("more than 500");
});

test("a listing neither follows links nor descends without limit", async () => {
  symlinkSync(outside, join(folder, "link"));
  mkdirSync(join(folder, Array.from({ length: 20 }, () => "d").join("/")), { recursive: true });
  const { output } = await call("list_files", {});
  expect(output).not.toContain("secret");
  expect(output.split("\n").length).toBeLessThan(20);
  expect(output).toContain("too deep");
});

test.each([
  "..",
  "../x",
  "/etc/passwd",
  "src/../../x",
  "link/secret.txt",
  "link/new.txt",
  "dangling",
])("%s is refused by every tool that takes a path", async (path) => {
  symlinkSync(outside, join(folder, "link"));
  symlinkSync(join(outside, "not-there"), join(folder, "dangling"));
  for (const [tool, input] of [
    ["read_file", { path }],
    ["write_file", { path, content: "x" }],
    ["list_files", { path }],
  ] as const) {
    const { ok, output } = await call(tool, input);
    expect(ok).toBe(false);
    expect(output).toMatch(/outside the working directory|leads nowhere/);
  }
  expect(existsSync(join(outside, "new.txt"))).toBe(false);
  expect(existsSync(join(outside, "not-there"))).toBe(false);
});

test("names that only begin with two dots are inside", async () => {
  expect((await call("write_file", { path: "..a/b", content: "1" })).ok).toBe(true);
});

test("a link that stays inside is followed", async () => {
  writeFileSync(join(folder, "a"), "1");
  symlinkSync("a", join(folder, "b"));
  expect(await call("read_file", { path: "b" })).toEqual({ ok: true, output: "1" });
});

test.each([
  { what: "a missing file", make: "true", says: "ENOENT" },
  { what: "a folder", make: "mkdir x", says: "not a file" },
  { what: "a named pipe", make: "mkfifo x", says: "not a file" },
  { what: "a binary file", make: "printf 'a\\000b' > x", says: "not a text file" },
  { what: "a huge file", make: "yes | head -c 300000 > x", says: "at most 262144" },
])("$what cannot be read, and the reason names no path of the machine", async ({ make, says }) => {
  await call("run_command", { command: make });
  const { ok, output } = await call("read_file", { path: "x" });
  expect(ok).toBe(false);
  expect(output).toContain(says);
  expect(output).not.toContain(folder);
});

test("a folder is not overwritten, nor a file made a folder", async () => {
  mkdirSync(join(folder, "d"));
  writeFileSync(join(folder, "f"), "1");
  expect((await call("write_file", { path: "d", content: "x" })).ok).toBe(false);
  expect((await call("write_file", { path: "f/g", content: "x" })).ok).toBe(false);
  expect((await call("list_files", { path: "f" })).ok).toBe(false);
});

test.each([
  { name: "write_file", input: { path: "a" }, says: "content" },
  { name: "write_file", input: { path: "a", content: "x", mode: 7 }, says: "mode" },
  { name: "read_file", input: { path: "" }, says: "path" },
  { name: "read_file", input: { path: "a\0b" }, says: "NUL" },
  { name: "read_file", input: null, says: "read_file got a wrong input" },
  { name: "run_command", input: { command: "ls", timeout_s: 100_000 }, says: "timeout_s" },
  { name: "run_command", input: { command: "" }, says: "command" },
  { name: "rm", input: {}, says: 'no tool "rm". There are: list_files, read_file' },
  { name: "write_file", input: { unreadable_json: '{"a' }, says: "not valid JSON" },
])("$name with $input is refused with a reason", async ({ name, input, says }) => {
  const { ok, output } = await call(name, input);
  expect(ok).toBe(false);
  expect(output).toContain(says);
});

test("a command runs in the working directory and tells output and exit code", async () => {
  const { output } = await call("run_command", { command: "pwd; echo oops >&2; exit 7" });
  expect(output).toBe(`${folder}\noops\n\nexit code 7`);
});

test("a command has no input to wait for", async () => {
  expect((await call("run_command", { command: "cat" })).output).toBe("exit code 0");
});

test("a command that takes too long is ended with all it started", async () => {
  const command = "sleep 900 & echo $! > pid; wait";
  // A busy machine takes longer until there is something to end.
  for (const timeout_s of [0.3, 3, 30, 90]) {
    const { output } = await call("run_command", { command, timeout_s });
    expect(output).toContain("the time limit was reached");
    if (existsSync(join(folder, "pid"))) break;
  }
  await expect.poll(() => isAlive("pid")).toBe(false);
});

test("what a command leaves in the background ends with it, and does not hold it up", async () => {
  const { output } = await call("run_command", { command: "sleep 900 & echo $! > pid; echo ok" });
  expect(output).toBe("ok\n\nexit code 0");
  await expect.poll(() => isAlive("pid")).toBe(false);
});

test("output of any length is kept within bounds, its beginning and its end", async () => {
  const command = "echo first; yes | head -c 50000000; echo last";
  const { output } = await call("run_command", { command });
  expect(output.length).toBeLessThan(31_000);
  expect(output).toMatch(/^first\n[^]*bytes left out[^]*last\n\nexit code 0$/);
});

test("an interruption ends the command", async () => {
  const controller = new AbortController();
  const called = call("run_command", { command: "touch ready; sleep 900" }, controller.signal);
  await expect.poll(() => existsSync(join(folder, "ready"))).toBe(true);
  controller.abort();
  expect((await called).output).toContain("SIGKILL");
});

test("the exit code shows a program that does not exist", async () => {
  const command = "/nowhere/at-all";
  expect((await call("run_command", { command })).output).toContain("exit code 127");
});

function isAlive(pidFile: string): boolean {
  const pid = Number(readFileSync(join(folder, pidFile), "utf8"));
  try {
    if (process.platform !== "linux") return process.kill(pid, 0);
    // A killed child stays a zombie until its new parent has looked; that counts as ended.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
