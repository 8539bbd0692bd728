import { existsSync } from "node:fs";
import path from "node:path";

const AGENTS = ["claude", "codex", "gemini", "opencode", "pi", "qwen"];
/** Specs need other programs of these folders. */
const SYSTEM = new Set(["/usr/local/bin", "/usr/bin", "/bin"]);

/** The PATH without the folders that hold an agent's CLI, so that a scenario finds only the agents it names. */
export function pathWithoutAgents(): string {
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((folder) => SYSTEM.has(folder) || !holdsAgent(folder))
    .join(path.delimiter);
}

function holdsAgent(folder: string): boolean {
  return AGENTS.some((name) => existsSync(path.join(folder, name)));
}
