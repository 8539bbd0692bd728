import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { env } from "node:process";

const COMMAND_MS_MAX = 300_000;
const DEVICE = "/dev/fuse";
/** Its path in Debian, Fedora and Arch. */
const SFTP_SERVERS = [
  "/usr/lib/openssh/sftp-server",
  "/usr/libexec/openssh/sftp-server",
  "/usr/lib/ssh/sftp-server",
];

/** A folder that a program serves through the kernel's FUSE. */
export interface FuseMount {
  readonly folder: string;
  remove(): void;
}

/** What mounts `source` on `folder`; `base` is for what else it needs. */
type MountPrograms = Readonly<
  Record<"sshfs" | "bindfs", (source: string, folder: string, base: string) => void>
>;

const PROGRAMS: MountPrograms = {
  // As of another machine; the server of its files is started here, with neither key nor network.
  sshfs: (source, folder, base) => {
    const ssh = join(base, "ssh");
    const server = SFTP_SERVERS.find((each) => existsSync(each));
    writeFileSync(ssh, `#!/bin/sh\nexec ${server}\n`, { mode: 0o700 });
    run("sshfs", ["-o", `ssh_command=${ssh}`, `elsewhere:${source}`, folder]);
  },
  bindfs: (source, folder) => run("bindfs", [source, folder]),
};

/** Mounts an empty folder through `program`. */
export function makeFuseMount(program: keyof MountPrograms): FuseMount {
  const base = mkdtempSync(join(tmpdir(), "fuse-"));
  const [source, folder] = [join(base, "source"), join(base, "mounted")];
  for (const path of [source, folder]) mkdirSync(path);
  const remove = () => rmSync(base, { recursive: true });
  try {
    PROGRAMS[program](source, folder, base);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    folder,
    remove: () => {
      // Lazily: a test that fails may leave files open.
      run("fusermount3", ["-u", "-z", folder]);
      remove();
    },
  };
}

/**
 * The reason why this mount is impossible here, for a test's title; undefined if it works, and in
 * CI, where it must.
 */
export function whyNoFuseMount(program: keyof MountPrograms): string | undefined {
  if (env["CI"] === "true") return undefined;
  if (!existsSync(DEVICE)) return ` (needs ${DEVICE})`;
  try {
    makeFuseMount(program).remove();
    return undefined;
  } catch (error) {
    return ` (impossible here: ${String(error).split("\n")[0]})`;
  }
}

/** The program continues as a daemon, which would keep a pipe open. */
function run(command: string, args: readonly string[]): void {
  execFileSync(command, [...args], { timeout: COMMAND_MS_MAX, stdio: "ignore" });
}
