import { existsSync, lstatSync, readlinkSync } from "node:fs";
import path from "node:path";

/** Bubblewrap as it works on this machine. */
export interface Bubblewrap {
  readonly file: string;
  /** Whether it can forbid user namespaces inside. Bubblewrap 0.8 can if it is not setuid. */
  readonly forbidsNamespaces: boolean;
  /** Whether it can limit what files in memory hold. Bubblewrap 0.7 can if it is not setuid. */
  readonly limitsMemory: boolean;
  /** What starts it without the capabilities of this process, which it refuses to have. */
  readonly starter?: readonly string[];
}

/** What exists in a sandbox, as absolute paths. Nothing else does. */
export interface SandboxContents {
  readonly bubblewrap: Bubblewrap;
  /** Files and folders besides those of the system. */
  readonly readable: readonly string[];
  readonly writable?: readonly string[];
  /** Folders that stay hidden although a folder of the system or a readable one holds them. */
  readonly hidden?: readonly string[];
  /** Links, each with the path that it leads to. */
  readonly links?: Readonly<Record<string, string>>;
  /** Readable files that have another path inside. */
  readonly moved?: Readonly<Record<string, string>>;
  /** Writable folders that have another path inside. */
  readonly mounted?: Readonly<Record<string, string>>;
  /** Further options of bubblewrap. */
  readonly options?: readonly string[];
  /** A `/proc` that shows the sandbox's own processes, the files of `/etc` that programs need, `/tmp` and `/run`. */
  readonly hasProc?: boolean;
}

/**
 * No network, no other process, no capability, and no life after the process that started it.
 * A session of its own keeps a program from typing into the user's terminal.
 */
const WALLS = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"];

/** In a user namespace of its own, a program would have every capability again. */
const LAST_NAMESPACE = ["--unshare-user", "--disable-userns"];

/** Files there are in the machine's memory, and they stay until the sandbox ends. */
const TMP_BYTES_MAX = 256 * 1024 ** 2;
/** As in containers of Docker. */
const SHARED_BYTES_MAX = 64 * 1024 ** 2;

/** Folders with the system's programs and libraries. Some systems keep theirs below the last one. */
const SYSTEM_FOLDERS = [
  "/usr",
  "/bin",
  "/sbin",
  "/lib",
  "/lib32",
  "/lib64",
  "/libx32",
  "/nix/store",
];

/** Users and hosts, certificates, the time zone, and how programs and libraries are found. No secrets. */
const SYSTEM_FILES = [
  "alternatives",
  "ca-certificates",
  "group",
  "hosts",
  "ld.so.cache",
  "ld.so.conf",
  "ld.so.conf.d",
  "localtime",
  "nsswitch.conf",
  "passwd",
  "pki/ca-trust",
  "pki/tls/cert.pem",
  "pki/tls/certs",
  "protocols",
  "resolv.conf",
  "services",
  "ssl/cert.pem",
  "ssl/certs",
  "ssl/openssl.cnf",
  "timezone",
].map((name) => `/etc/${name}`);

/** The start of a command line for a program in a sandbox. The program and its arguments follow. */
export function sandboxLine(contents: SandboxContents): readonly string[] {
  const { bubblewrap, readable, writable = [], links = {}, moved = {}, mounted = {} } = contents;
  const covers = [...hiddenWithin(contents, SYSTEM_FOLDERS), ...hiddenWithin(contents, readable)];
  const empty = covers.filter((cover) => !writable.some((folder) => isWithin(cover, folder)));
  return [
    ...(bubblewrap.starter ?? []),
    bubblewrap.file,
    ...WALLS,
    ...(bubblewrap.forbidsNamespaces ? LAST_NAMESPACE : []),
    ...(contents.options ?? []),
    ...SYSTEM_FOLDERS.flatMap(systemFolder),
    ...devices(bubblewrap),
    ...(contents.hasProc === true ? surroundings(bubblewrap) : []),
    ...hiddenWithin(contents, SYSTEM_FOLDERS).flatMap((name) => ["--tmpfs", name]),
    ...readable.flatMap((name) => ["--ro-bind", name, name]),
    ...hiddenWithin(contents, readable).flatMap((name) => ["--tmpfs", name]),
    ...Object.entries(links).flatMap(([link, target]) => ["--symlink", target, link]),
    ...Object.entries(moved).flatMap(([inside, outside]) => ["--ro-bind", outside, inside]),
    ...writable.flatMap((folder) => ["--bind", folder, folder]),
    ...Object.entries(mounted).flatMap(([inside, outside]) => ["--bind", outside, inside]),
    // Nothing that an agent can write is in memory, except for what has a limit.
    ...[...new Set(empty), "/dev", "/"].flatMap((folder) => ["--remount-ro", folder]),
    "--",
  ];
}

/** Whether every sandbox shows a path, because it belongs to the system. */
export function isOfSystem(name: string): boolean {
  return SYSTEM_FOLDERS.some((folder) => isWithin(name, folder));
}

export function isWithin(name: string, folder: string): boolean {
  return name === folder || name.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/** Most systems have `/bin` as a link to `usr/bin`. A link is made again, so that both names lead to one place. */
function systemFolder(folder: string): readonly string[] {
  const there = lstatSync(folder, { throwIfNoEntry: false });
  if (there === undefined) return [];
  return there.isSymbolicLink()
    ? ["--symlink", readlinkSync(folder), folder]
    : ["--ro-bind", folder, folder];
}

function devices(bubblewrap: Bubblewrap): readonly string[] {
  return ["--dev", "/dev", ...inMemory(bubblewrap, "/dev/shm", SHARED_BYTES_MAX)];
}

function inMemory(
  { limitsMemory }: Bubblewrap,
  folder: string,
  bytesMax: number,
): readonly string[] {
  return [...(limitsMemory ? ["--size", String(bytesMax)] : []), "--tmpfs", folder];
}

function surroundings(bubblewrap: Bubblewrap): readonly string[] {
  return [
    "--proc",
    "/proc",
    // Root without capabilities still owns the kernel's settings in it.
    "--remount-ro",
    "/proc",
    ...inMemory(bubblewrap, "/tmp", TMP_BYTES_MAX),
    "--dir",
    "/run",
    ...SYSTEM_FILES.filter((name) => existsSync(name)).flatMap((name) => ["--ro-bind", name, name]),
  ];
}

function hiddenWithin(
  { hidden = [] }: SandboxContents,
  folders: readonly string[],
): readonly string[] {
  const covered = hidden.filter((name) =>
    folders.some((folder) => name !== folder && isWithin(path.resolve(name), folder)),
  );
  return covered.filter((name) => existsSync(name));
}
