import { execa } from "execa";

import type { Environment } from "../../platform/environment/environment.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import { TrackerUsageError } from "../windows/tracker-errors.ts";

const LIMIT_MS = 30_000;
const OUTPUT_CHARACTERS_MAX = 1_048_576;

/**
 * The screen of a pane of tmux, with wrapped lines joined.
 * @throws TrackerUsageError if there is no tmux or no such pane.
 */
export async function readTmux(
  pane: string,
  { variables, cwd }: Pick<Environment, "variables" | "cwd">,
): Promise<string> {
  const tmux = await findExecutable("tmux", variables["PATH"]);
  if (tmux === undefined) {
    throw new TrackerUsageError(
      "--tmux: expected tmux in a folder of PATH, got none. Install it, e.g. apt-get install tmux, or save the pane and name its file with --file.",
    );
  }
  const { failed, stdout, stderr, timedOut } = await execa(
    tmux,
    ["capture-pane", "-p", "-J", "-t", pane],
    {
      cwd,
      env: variables,
      extendEnv: false,
      reject: false,
      stdin: "ignore",
      timeout: LIMIT_MS,
      maxBuffer: OUTPUT_CHARACTERS_MAX,
    },
  );
  if (!failed && stdout.trim() !== "") return stdout;
  const [said = ""] = stderr.split("\n");
  const what = timedOut ? "no answer" : failed ? said : "an empty pane";
  throw new TrackerUsageError(
    `--tmux ${pane}: expected a pane of tmux that shows something, got: ${what}. List the panes with: tmux list-panes -a`,
  );
}
