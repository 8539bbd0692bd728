/** A mount as the kernel tells of it. */
export interface Mount {
  /** Of its file system; with FUSE mostly also the program that serves it, such as `fuse.sshfs`. */
  readonly type: string;
  /** What is mounted: a device, an address or whatever the program calls it. */
  readonly source: string;
}

/**
 * The mount of a device in Linux's table of mounts.
 * @param table The lines of `/proc/self/mountinfo`, see proc_pid_mountinfo(5).
 * @param device The number that stat(2) gives for whatever lies on the mount.
 */
export function findMount(table: string, device: number): Mount | undefined {
  const wanted = nameDevice(device);
  for (const line of table.split("\n")) {
    // Before the dash stands a number of fields that varies; blanks in names are escaped.
    const [about = "", mounted = ""] = line.split(" - ", 2);
    const [type = "", source = ""] = mounted.split(" ");
    if (about.split(" ", 3)[2] === wanted) return { type, source };
  }
  return undefined;
}

/** As the table has it, `major:minor`, out of the bits in which Linux packs both. */
function nameDevice(device: number): string {
  const bits = BigInt(device);
  const major = ((bits >> 8n) & 0xfffn) | ((bits >> 32n) & ~0xfffn);
  const minor = (bits & 0xffn) | ((bits >> 12n) & 0xffffff00n);
  return `${major}:${minor}`;
}
