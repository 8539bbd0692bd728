import { execFileSync } from "node:child_process";

/** Makes folders that no path of the system's length reaches. */
export function makeTooDeep(folder: string, { depth = 30, name = "d".repeat(200) } = {}): void {
  const script = `for (let i = 0; i < ${String(depth)}; i += 1) { fs.mkdirSync("${name}"); process.chdir("${name}"); }`;
  execFileSync(process.execPath, ["-e", script], { cwd: folder });
}
