import { setTimeout as sleep } from "node:timers/promises";

import type { Environment } from "../../platform/environment/environment.ts";
import {
  endProcessGroup,
  MARKER_VARIABLE,
  sweepProcesses,
} from "../../platform/processes/sweep-processes.ts";
import { loadTerminal } from "./load-terminal.ts";

/** Wide and tall enough for any pane of limits. */
const SIZE = { cols: 120, rows: 50 } as const;
const POLL_MS = 50;
const GRACES = { interruptMs: 2000, terminateMs: 2000, killMs: 5000 } as const;

export interface StartedProgram {
  readonly file: string;
  readonly args: readonly string[];
}

/** A program in a hidden pseudo-terminal. */
export interface HiddenTerminal {
  readonly screen: () => string;
  readonly type: (text: string) => void;
  readonly hasEnded: () => boolean;
  /** Asks until there is an answer, or until the program has ended or the time is over. */
  readonly ask: <Answer>(question: () => Answer | undefined) => Promise<Answer | undefined>;
  /** Ends the program with everything that it has started. */
  readonly close: () => Promise<void>;
}

/** Starts a program with the variables of this one. */
export async function openTerminal(
  { file, args }: StartedProgram,
  environment: Pick<Environment, "cwd" | "variables" | "randomId" | "clock">,
  deadlineMs: number,
): Promise<HiddenTerminal> {
  const { spawn, Terminal } = await loadTerminal();
  const { cwd, clock } = environment;
  const marker = environment.randomId();
  const variables = Object.fromEntries(
    Object.entries(environment.variables).filter(([, value]) => value !== undefined),
  );
  const env = { ...variables, TERM: "xterm-256color", [MARKER_VARIABLE]: marker };
  const terminal = new Terminal({ ...SIZE, allowProposedApi: true });
  const child = spawn(file, [...args], { ...SIZE, cwd, env });
  let isOver = false;
  const exited = new Promise<void>((resolve) => {
    child.onExit(() => {
      isOver = true;
      resolve();
    });
  });
  child.onData((text) => terminal.write(text));
  // A program asks its terminal for colours and the cursor, and may wait for the answers.
  terminal.onData((answer) => {
    if (!isOver) child.write(answer);
  });
  const screen = () => {
    const { active } = terminal.buffer;
    const lines = Array.from({ length: SIZE.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? "").trimEnd(),
    );
    return lines.join("\n").trim();
  };
  return {
    screen,
    type: (text) => {
      if (!isOver) child.write(text);
    },
    hasEnded: () => isOver,
    ask: async (question) => {
      for (;;) {
        const wasOver = isOver;
        const answer = question();
        if (answer !== undefined || wasOver || clock.monotonicMs() > deadlineMs) return answer;
        await sleep(POLL_MS);
      }
    },
    close: async () => {
      if (isOver) await sweepProcesses({ marker });
      else {
        await endProcessGroup({ pid: child.pid, exited, graces: GRACES });
        await sweepProcesses({ marker });
      }
      terminal.dispose();
    },
  };
}
