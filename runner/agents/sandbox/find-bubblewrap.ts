import type { Environment } from "../../platform/environment/environment.ts";
import { findTool } from "../../platform/processes/find-executable.ts";
import { type Bubblewrap, sandboxLine } from "./sandbox-line.ts";

/** A busy machine starts programs slowly, and without a sandbox agents would be open. */
const PROBE_LIMIT_MS = 30_000;
const HANGS = `it gave no answer within ${String(PROBE_LIMIT_MS / 1000)} s`;
const OUTPUT_CHARACTERS_MAX = 10_000;
/** In a namespace for overlays, a user without rights may mount. */
type ProbeEnvironment = Pick<Environment, "platform" | "variables"> &
  Partial<Pick<Environment, "canMount" | "isRoot">>;

const tried = new Map<string, Promise<Bubblewrap | string>>();

/** A sandbox that works here, or what is missing and what to do about it. */
export type SandboxProbe =
  | Bubblewrap
  | { readonly file?: never; readonly lacks: string; readonly mend: string };

/**
 * Looks for bubblewrap and tries it, once in each process. Containers often have it and forbid what it
 * does.
 */
export async function probeBubblewrap(environment: ProbeEnvironment): Promise<SandboxProbe> {
  const { platform, variables } = environment;
  if (platform !== "linux") {
    return { lacks: `there is none for ${platform}`, mend: "Run on Linux with bubblewrap" };
  }
  const file = await findTool("bwrap", variables["PATH"]);
  if (file === undefined) {
    const mend = "Install bubblewrap, e.g. apt-get install bubblewrap";
    return { lacks: "bwrap is in no folder of PATH", mend };
  }
  const found = tried.get(file) ?? findStarter(environment).then((own) => tryOut(file, own));
  tried.set(file, found);
  const said = await found;
  if (typeof said !== "string") return said;
  const mend = "Allow user namespaces, e.g. in the settings of the container";
  return { lacks: `${file} does not work here: ${said}`, mend };
}

/** Bubblewrap if it is installed and works. */
export async function findBubblewrap(
  environment: ProbeEnvironment,
): Promise<Bubblewrap | undefined> {
  const probe = await probeBubblewrap(environment);
  return probe.file === undefined ? undefined : probe;
}

/** Bubblewrap takes capabilities of a user without rights for a mistake in its installation. */
async function findStarter({
  canMount,
  isRoot,
  variables,
}: ProbeEnvironment): Promise<Pick<Bubblewrap, "starter">> {
  if (canMount !== true || isRoot !== false) return {};
  const setpriv = await findTool("setpriv", variables["PATH"]);
  if (setpriv === undefined) return {};
  return { starter: [setpriv, "--inh-caps=-all", "--ambient-caps=-all"] };
}

/** The strongest bubblewrap that works, or what it says if none does. */
async function tryOut(
  file: string,
  own: Pick<Bubblewrap, "starter">,
): Promise<Bubblewrap | string> {
  const strong = { file, forbidsNamespaces: true, limitsMemory: true, ...own };
  const strongFault = await faultOf(strong);
  if (strongFault === null) return strong;
  if (strongFault === HANGS) return HANGS;
  const older = { ...strong, forbidsNamespaces: false };
  const weak = { ...older, limitsMemory: false };
  const [fault, weakFault] = await Promise.all([faultOf(older), faultOf(weak)]);
  return fault === null ? older : (weakFault ?? weak);
}

/** What bubblewrap says if it fails; null if it works. */
async function faultOf(bubblewrap: Bubblewrap): Promise<string | null> {
  const [file = "", ...args] = sandboxLine({ bubblewrap, hasProc: true, readable: [] });
  // Loaded on demand: most commands never ask for bubblewrap.
  const { execa } = await import("execa");
  const { failed, timedOut, stderr, shortMessage } = await execa(
    file,
    [...args, "/bin/sh", "-c", ":"],
    {
      env: {},
      extendEnv: false,
      stdin: "ignore",
      stdout: "ignore",
      timeout: PROBE_LIMIT_MS,
      maxBuffer: OUTPUT_CHARACTERS_MAX,
      reject: false,
    },
  );
  if (!failed) return null;
  if (timedOut) return HANGS;
  const [first = ""] = stderr.trim().split("\n");
  return first === "" ? (shortMessage ?? "it gave no reason") : first;
}
