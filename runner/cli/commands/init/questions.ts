import { CounterbalanceError } from "../../../../ledger/domain/errors.ts";
import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import type { Environment } from "../../../platform/environment/environment.ts";

/** What `init` asks. Without a terminal every answer is the one that it proposes. */
export interface Questions {
  choose<Value>(message: string, choices: Choices<Value>): Promise<Value>;
  confirm(message: string, proposed: boolean): Promise<boolean>;
  amount(message: string, proposed: number): Promise<number>;
}

/** Values with their descriptions; the first one is proposed. */
type Choices<Value> = readonly [Choice<Value>, ...Choice<Value>[]];
interface Choice<Value> {
  readonly name: string;
  readonly value: Value;
}

/** The user left a question, or the making of tasks, with Ctrl-C. */
export class InitInterruptedError extends CounterbalanceError {
  override readonly exitCode = EXIT.interrupted;

  constructor(message = "Interrupted; no file was written.") {
    super(message);
  }
}

/** Asks on the terminal if there is one. A pipe is never read, so that nothing waits for it. */
export function openQuestions(
  { stdin, stdout, stderr }: Environment,
  { yes }: { readonly yes?: boolean },
): Questions {
  const isTerminal = "isTTY" in stdin && stdin.isTTY === true && stdout.isTTY === true;
  if (yes === true) return PROPOSED;
  if (!isTerminal) {
    stderr.write(
      "experiment: there is no terminal to ask on, so it takes what it would propose.\n",
    );
    return PROPOSED;
  }
  const streams = { input: stdin, output: stdout };
  return {
    choose: async (message, choices) => {
      const { default: select } = await import("@inquirer/select");
      return await answer(select({ message, choices: [...choices] }, streams));
    },
    confirm: async (message, proposed) => {
      const { default: confirm } = await import("@inquirer/confirm");
      return await answer(confirm({ message, default: proposed }, streams));
    },
    amount: async (message, proposed) => {
      const { default: number } = await import("@inquirer/number");
      const settings = { message, default: proposed, min: 0, max: 1_000_000, step: "any" } as const;
      return (await answer(number(settings, streams))) ?? proposed;
    },
  };
}

const PROPOSED: Questions = {
  choose: async (_, [first]) => first.value,
  confirm: async (_, proposed) => proposed,
  amount: async (_, proposed) => proposed,
};

async function answer<Value>(asked: Promise<Value>): Promise<Value> {
  try {
    return await asked;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ExitPromptError")
      throw new InitInterruptedError();
    throw cause;
  }
}
