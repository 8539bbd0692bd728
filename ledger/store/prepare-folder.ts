import type { LedgerFolder } from "./file-system.ts";
import { nameNetworkMount } from "./name-network-mount.ts";
import { LedgerFolderError } from "./store-errors.ts";

/** File systems on which neither locks nor syncs mean what they say, by the number that statfs(2) gives. */
const NETWORK_TYPES: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x01021997, "9p"],
  [0x00c36400, "Ceph"],
  [0x5346414f, "AFS"],
  [0x6b414653, "kAFS"],
  [0x73757245, "Coda"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
  [0x01161970, "GFS2"],
  [0x7461636f, "OCFS2"],
  [0x19830326, "BeeGFS"],
]);

/** The type of all FUSE mounts, local and remote. */
const FUSE_TYPE = 0x65735546;

/** Makes the folder, and refuses one that can't keep a ledger. */
export function prepareFolder(place: LedgerFolder): void {
  const { fileSystem, folder } = place;
  try {
    fileSystem.makeFolder(folder);
  } catch (error) {
    throw notWritable(folder, error);
  }
  const network = nameNetwork(place);
  if (network !== undefined) {
    throw new LedgerFolderError(
      `${folder}: expected a folder on a local disk, got one on a network file system (${network}), whose locks and ` +
        `syncs can't be relied on. Choose a local --data-dir; several machines share a ledger with --store postgres://….`,
    );
  }
}

function nameNetwork({ fileSystem, folder }: LedgerFolder): string | undefined {
  const type = fileSystem.typeAt(folder);
  const mount = type === FUSE_TYPE ? fileSystem.mountAt(folder) : undefined;
  return mount === undefined ? NETWORK_TYPES.get(type) : nameNetworkMount(mount);
}

export function notWritable(folder: string, cause: unknown): LedgerFolderError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new LedgerFolderError(
    `${folder}: expected a folder that can be written to, got: ${reason}. Choose another --data-dir or change its rights.`,
    { cause },
  );
}
