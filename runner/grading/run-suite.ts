import { type ChildProcess, spawn } from "node:child_process";

import type { GradingDesk } from "./grading-desk.ts";
import { SuiteReport } from "./suite/suite-message.ts";

/** How one trusted process ended. */
export interface SuiteEnd {
  readonly hasFinished: boolean;
  /** What it said on its standard error, its end at most. */
  readonly complaint: string;
}

const COMPLAINT_CHARS_MAX = 4000;

/** Runs the trusted process to its end, or until the desk wants it ended. */
export async function runSuite(
  commandLine: readonly string[],
  { cwd, desk }: { readonly cwd: string; readonly desk: GradingDesk },
): Promise<SuiteEnd> {
  const [command = "", ...args] = commandLine;
  const child = spawn(command, args, {
    cwd,
    env: {},
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const complaint = collectComplaint(child);
  const kill = (): void => void child.kill("SIGKILL");
  desk.begin({ reply: (answer) => child.connected && child.send(answer, () => undefined), kill });
  child.on("message", (message) => desk.receive(SuiteReport.parse(message)));
  await new Promise<void>((resolve) =>
    child.once("close", () => resolve()).once("error", () => resolve()),
  );
  return { hasFinished: desk.hasFinished, complaint: complaint() };
}

function collectComplaint(child: ChildProcess): () => string {
  let text = "";
  child.once("error", (error) => (text += error.message));
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    text = `${text}${chunk}`.slice(-COMPLAINT_CHARS_MAX);
  });
  return () => text;
}
