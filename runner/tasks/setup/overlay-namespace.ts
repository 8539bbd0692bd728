import { mkdtemp } from "node:fs/promises";
import path from "node:path";

import { execa } from "execa";

import { findBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import { makeFolder } from "../../platform/environment/data-folder.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { canReflink } from "../../platform/git/clone-folder.ts";
import { removeFolder } from "../../platform/git/remove-folder.ts";
import { findTool } from "../../platform/processes/find-executable.ts";
import { setupsFolder } from "./cache-folder.ts";

/** The user keeps the own number, and may mount in this namespace alone. Later mounts of the host come in. */
const NAMESPACE = ["--user", "--map-current-user", "--keep-caps", "--mount", "--propagation=slave"];

/** An overlay must allow a folder of the lower layer to be replaced; not every file system can do that. */
const PROBE = `
set -e
mkdir "$1/lower" "$1/lower/folder" "$2/upper" "$2/work" "$2/merged"
mount -t overlay overlay -o "lowerdir=$1/lower,upperdir=$2/upper,workdir=$2/work,userxattr" "$2/merged"
rmdir "$2/merged/folder"
mkdir "$2/merged/folder"
umount "$2/merged"
exec setpriv --inh-caps=-all --ambient-caps=-all "$3" --unshare-all --ro-bind / / true
`;
const PROBE_LIMIT_MS = 10_000;

/**
 * Continues this program in a namespace in which a user without rights may mount overlays, if this machine
 * can clone a setup in no quicker way. The program starts again there, so it must not have done anything yet.
 * @param workRoot the folder that holds all workspaces.
 */
export async function enterOverlayNamespace(
  workRoot: string,
  environment: Environment,
): Promise<void> {
  const { canMount, platform, restart, variables } = environment;
  if (canMount || platform !== "linux" || restart === undefined) return;
  const bubblewrap = await findBubblewrap(environment);
  const unshare = await findTool("unshare", variables["PATH"]);
  if (bubblewrap === undefined || unshare === undefined) return;
  const namespace = [unshare, ...NAMESPACE];
  if (await isUsed(namespace, { workRoot, bubblewrap: bubblewrap.file, environment })) {
    restart(namespace);
  }
}

async function isUsed(
  [unshare = "", ...options]: readonly string[],
  { workRoot, bubblewrap, environment }: Probing,
): Promise<boolean> {
  const setups = setupsFolder(environment);
  const places: string[] = [];
  try {
    for (const folder of [setups, workRoot]) {
      makeFolder(folder);
      places.push(await mkdtemp(path.join(folder, "overlay-")));
    }
    const [lower = "", upper = ""] = places;
    if (await canReflink(lower, upper)) return false;
    const probe = ["/bin/sh", "-c", PROBE, "sh", lower, upper, bubblewrap];
    const { failed } = await execa(unshare, [...options, ...probe], {
      stdin: "ignore",
      reject: false,
      timeout: PROBE_LIMIT_MS,
    });
    return !failed;
  } catch {
    return false;
  } finally {
    for (const place of places) await removeFolder(place);
  }
}

interface Probing {
  readonly workRoot: string;
  readonly bubblewrap: string;
  readonly environment: Environment;
}
