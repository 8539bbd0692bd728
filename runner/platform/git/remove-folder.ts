import { execa } from "execa";

import { endOfReading } from "../reader/end-of-reading.ts";
import { endOverlays } from "./clone-folder.ts";

/** Millions of files take minutes. `experiment clean` removes what is left then. */
const LIMIT_MS = 10 * 60_000;

/**
 * Removes a folder with everything in it, if it exists. Ends the overlays in it first. Other processes do it: they
 * reach what no path of the system's length reaches, and this one continues meanwhile.
 * @param interrupted aborted by Ctrl-C, which ends it a few seconds later.
 * @returns whether nothing is left.
 */
export async function removeFolder(folder: string, interrupted?: AbortSignal): Promise<boolean> {
  await endOverlays(folder);
  const until = endOfReading(interrupted, LIMIT_MS);
  const succeeds = async (file: string, ...args: readonly string[]) => {
    // Detached, so that Ctrl-C on a terminal does not leave half of it.
    const { failed } = await execa(file, [...args, "--", folder], {
      stdio: "ignore",
      env: { LC_ALL: "C" },
      detached: true,
      cancelSignal: until,
      forceKillAfterDelay: 1000,
      reject: false,
    });
    return !failed;
  };
  if (await succeeds("rm", "-rf")) return true;
  // Some tools leave folders that their owner may not change.
  return (await succeeds("chmod", "-R", "u+rwx")) && (await succeeds("rm", "-rf"));
}
