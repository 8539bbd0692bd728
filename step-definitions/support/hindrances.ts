import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";

/**
 * What an agent can leave to hinder its grader. It works in its workspace. A sandbox may
 * refuse a part of it.
 */
export function litter(): void {
  attempt(() => mkdirSync("../grading/solution", { recursive: true }));
  attempt(() => mkdirSync("../sealed.git/objects", { recursive: true }));
  attempt(() => writeFileSync("../start", ""));
  makePipes([".", "src"]);
  for (const folder of [".", "src"]) {
    attempt(() => symlinkSync("/etc/shadow", path.join(folder, "shadow")));
    attempt(() => writeFileSync(path.join(folder, 'a\n"b"\\.ts'), "export {};\n"));
    attempt(() => writeFileSync(Buffer.from([...Buffer.from(`${folder}/x`), 0xff]), ""));
    attempt(() => mkdirSync(path.join(folder, "closed")));
    attempt(() => chmodSync(path.join(folder, "closed"), 0));
    attempt(() => makeTooDeep(folder));
  }
  for (let count = 0; count < FOLDERS; count += 1) {
    attempt(() => mkdirSync(`many/${count}`, { recursive: true }));
  }
  attempt(() => writeFileSync(".git/HEAD", ""));
  for (const folder of [".", ".."]) attempt(() => chmodSync(folder, 0o500));
}

const FOLDERS = 2000;

/** Whoever opens a pipe waits for somebody who writes. */
export function makePipes(folders: readonly string[]): void {
  for (const folder of folders) attempt(() => execFileSync("mkfifo", [path.join(folder, "pipe")]));
}

export function makeClosed(file: string): void {
  writeFileSync(file, "text", { mode: 0 });
}

export function makeFiles(folder: string, count: number): void {
  mkdirSync(folder);
  for (let made = 0; made < count; made += 1)
    writeFileSync(path.join(folder, `file${String(made)}`), "");
}

/** No solution is left, and no folder either. */
export function removeWorkspace(): void {
  attempt(() => writeFileSync("../grading", ""));
  const own = process.cwd();
  process.chdir("/");
  attempt(() => renameSync(own, `${own}-gone`));
  attempt(() => execFileSync("rm", ["-rf", `${own}-gone`, own], { stdio: "ignore" }));
}

/** Makes the harness write elsewhere if it follows links. */
export function linkAway(): void {
  const elsewhere = path.join(process.env["HOME"] ?? "", "elsewhere");
  const own = process.cwd();
  attempt(() => mkdirSync(elsewhere));
  attempt(() => symlinkSync(elsewhere, "../grading"));
  process.chdir("/");
  attempt(() => renameSync(own, `${own}-gone`));
  attempt(() => symlinkSync(elsewhere, own));
}

/** Makes folders that no path of the system's length reaches. */
export function makeTooDeep(folder: string): void {
  const own = process.cwd();
  process.chdir(folder);
  for (let depth = 0; depth < DEPTH; depth += 1) {
    mkdirSync(LONG_NAME);
    process.chdir(LONG_NAME);
  }
  process.chdir(own);
}

const DEPTH = 30;
const LONG_NAME = "d".repeat(200);

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // The sandbox or an earlier hindrance does not allow it.
  }
}
