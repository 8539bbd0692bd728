import { execa } from "execa";

import type { GradingSession } from "./grading-session.ts";
import { SuiteReport } from "./suite/suite-message.ts";

const COMPLAINT_CHARS_MAX = 4000;

/** Starts a process that runs a suite, and keeps the end of what it writes to its standard error. */
export function startSuite(
  [command = "", ...args]: readonly string[],
  place: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
) {
  const suite = execa(command, args, {
    ...place,
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    ipc: true,
    serialization: "advanced",
    buffer: false,
    reject: false,
  });
  const said = { complaint: "" };
  suite.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    said.complaint = `${said.complaint}${chunk}`.slice(-COMPLAINT_CHARS_MAX);
  });
  return { suite, said };
}

/**
 * Runs the trusted process until it ends or the grading session ends it.
 * @returns the end of what the process wrote to its standard error.
 */
export async function runSuite(
  { suite, said }: ReturnType<typeof startSuite>,
  session: GradingSession,
): Promise<string> {
  const child = suite.nodeChildProcess;
  session.begin({
    pid: child.pid,
    reply: (answer) => child.connected && child.send(answer, () => undefined),
    kill: () => void suite.kill("SIGKILL"),
  });
  child.on("message", (message) => session.receive(SuiteReport.parse(message)));
  const { exitCode, isTerminated, originalMessage } = await suite;
  const hasStarted = isTerminated || exitCode !== undefined;
  return hasStarted ? said.complaint : (originalMessage ?? "");
}
