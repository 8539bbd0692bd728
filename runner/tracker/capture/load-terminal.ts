import { TrackerUsageError } from "../windows/tracker-errors.ts";

/**
 * Loads what starts a program in a terminal of its own, and what draws its screen. The packages are optional, and
 * few commands need them.
 * @throws TrackerUsageError with the line that installs them.
 */
export async function loadTerminal() {
  try {
    const [{ spawn }, xterm] = await Promise.all([
      import("@lydell/node-pty"),
      import("@xterm/headless"),
    ]);
    return { spawn, Terminal: xterm.default.Terminal };
  } catch (cause) {
    const [reason = ""] = (cause instanceof Error ? cause.message : String(cause)).split("\n");
    throw new TrackerUsageError(
      `--run: expected the optional packages @lydell/node-pty and @xterm/headless, got: ${reason}. Install them with this program: npm install @lydell/node-pty @xterm/headless. Or save the pane and name its file with --file.`,
      { cause },
    );
  }
}
