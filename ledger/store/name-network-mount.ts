import type { Mount } from "./find-mount.ts";

/** Programs that serve another machine's files through FUSE, as they call their mounts. */
const NETWORK_PROGRAMS: ReadonlySet<string> = new Set(
  (
    "blobfuse blobfuse2 ceph ceph-fuse curlftpfs daos davfs davfs2 fuse_dfs gcsfuse " +
    "geesefs glusterfs google-drive-ocamlfuse goofys gvfsd-fuse hdfs juicefs kio-fuse " +
    "lizardfs mfs moosefs mountpoint-s3 objectivefs onedriver quobyte rclone s3fs saunafs " +
    "seaweedfs smbnetfs sshfs wdfs xtreemfs"
  ).split(" "),
);

/** Schemes of addresses on this machine. */
const OWN_SCHEMES: ReadonlySet<string> = new Set(["file", "local"]);

/**
 * Names the network file system behind a FUSE mount. Returns undefined for programs such as
 * ntfs-3g, gocryptfs and bindfs, which serve this machine's own files.
 */
export function nameNetworkMount({ type, source }: Mount): string | undefined {
  const [, program = programOf(source)] = type.split(".", 2);
  if (NETWORK_PROGRAMS.has(program.toLowerCase())) return program;
  // davfs2 does not name itself, but an address.
  const scheme = /^([a-z][a-z\d+.-]*):\/\//i.exec(source)?.[1];
  return scheme === undefined || OWN_SCHEMES.has(scheme.toLowerCase()) ? undefined : scheme;
}

/** A mount without a type may be named after its program: `curlftpfs#ftp://host`. */
function programOf(source: string): string {
  return source.split("#", 1)[0] ?? "";
}
