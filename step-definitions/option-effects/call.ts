import { randomInt } from "node:crypto";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";

import { parseCommandString } from "execa";

import { runCommandLine } from "../../runner/cli/run-command-line.ts";
import {
  type Environment,
  processEnvironment,
} from "../../runner/platform/environment/environment.ts";
import { waitUntil } from "../support/wait-until.ts";

/** 2040-01-01T00:00:00Z: the moment of every call, so that times do not differ. */
const NOW_MS = 2_208_988_800_000;
/** Six digits: `withoutNumbers` hides six characters where an id or a folder's name is drawn. */
const DRAWN_MIN = 100_000;

/** The folder of a call, alone or with the store that it uses. */
export type Place = string | { readonly folder: string; readonly store: string };

/** Calls a command in a folder of its own and returns what it said. */
export async function call(line: string, place: Place): Promise<readonly [number, ...string[]]> {
  const { environment, outputs } = environmentIn(place);
  const exitCode = await runCommandLine(parseCommandString(line), environment);
  return [exitCode, ...(await outputs())];
}

/** The same for a command that serves until Ctrl-C; `during` happens while it does. */
export async function callUntil(
  line: string,
  place: Place,
  during: (printed: string) => Promise<readonly (number | string)[]>,
): Promise<readonly (number | string)[]> {
  const { environment, outputs, ends, printed } = environmentIn(place);
  let isOver = false;
  const running = runCommandLine(parseCommandString(line), environment).finally(() => {
    isOver = true;
  });
  await waitUntil(() => isOver || ends.length > 0);
  const seen = isOver ? [] : await during(printed());
  for (const end of ends) end();
  const exitCode = await running;
  const [answered, said] = await outputs();
  return [exitCode, answered, inAnyOrder(said), ...seen];
}

/** A refusal is said at once, and a warning when it is in the ledger, so that either may come first. */
function inAnyOrder(said: string): string {
  return said.split("\n").toSorted().join("\n");
}

function environmentIn(place: Place) {
  const { folder: cwd, store } =
    typeof place === "string" ? { folder: place, store: undefined } : place;
  const own = processEnvironment();
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const ends: (() => void)[] = [];
  let printed = "";
  stdout.on("data", (bytes: Buffer) => {
    printed += bytes.toString();
  });
  stdin.end();
  let ids = 0;
  // Each of two equal runs at once needs ids of its own: it may end every process that carries its windows' ids.
  const drawn = String(randomInt(DRAWN_MIN, 10 * DRAWN_MIN));
  const environment: Environment = {
    ...own,
    cwd,
    clock: { ...own.clock, nowMs: () => NOW_MS },
    variables: {
      PATH: own.variables["PATH"],
      HOME: cwd,
      MODEL_KEY: "sk-of-the-model",
      COUNTERBALANCE_STORE: store,
    },
    stdin,
    stdout,
    stderr,
    randomId: () => {
      ids += 1;
      return `${drawn}00-0000-4000-8000-${String(ids).padStart(12, "0")}`;
    },
    onInterrupt: (listener) => {
      ends.push(listener);
      return () => undefined;
    },
  };
  const said = text(stderr);
  const outputs = async (): Promise<readonly [string, string]> => {
    stdout.end();
    stderr.end();
    return [printed, await said];
  };
  return { environment, outputs, ends, printed: () => printed };
}
