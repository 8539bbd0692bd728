/** A mount as the kernel reports it. */
export interface Mount {
  /**
   * Type of the file system. With FUSE it mostly names the serving program too, such as
   * `fuse.sshfs`.
   */
  readonly type: string;
  /** The mounted thing: a device, an address, or a name that the program chose. */
  readonly source: string;
}

/**
 * The mount of a device in Linux's table of mounts.
 * @param table The lines of `/proc/self/mountinfo`, see proc_pid_mountinfo(5).
 * @param device The device number that stat(2) gives for files on the mount.
 */
export function findMount(table: string, device: number): Mount | undefined {
  const wanted = nameDevice(device);
  for (const line of table.split("\n")) {
    // A varying number of fields precedes the dash. Blanks in names are escaped.
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
