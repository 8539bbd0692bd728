import { expect, it } from "vitest";

import { nameNetworkMount } from "./name-network-mount.ts";

it.each([
  ["sshfs", "fuse.sshfs", "ada@host:/data"],
  ["glusterfs", "fuse.glusterfs", "host:/volume"],
  ["JuiceFS", "fuse.JuiceFS", "JuiceFS:volume"],
  ["curlftpfs", "fuse", "curlftpfs#ftp://host/"],
  ["mountpoint-s3", "fuse", "mountpoint-s3"],
  ["xtreemfs", "fuse.xtreemfs", "xtreemfs@host/volume"],
  ["s3c", "fuse.s3ql", "s3c://host/bucket"],
  // davfs2
  ["https", "fuse", "https://host/dav"],
])("names a mount of another machine's files: %s", (name, type, source) => {
  expect(nameNetworkMount({ type, source })).toBe(name);
});

it.each([
  ["fuse.gocryptfs", "/home/ada/cipher"],
  ["fuse.encfs", "encfs"],
  // bindfs
  ["fuse", "/home/ada/s3fs"],
  // s3ql
  ["fuse.s3ql", "local:///home/ada/s3ql"],
  ["fuse", "file:///home/ada/archive.zip"],
  // ntfs-3g
  ["fuseblk", "/dev/sdb1"],
])("names no network for files of this machine: %s of %s", (type, source) => {
  expect(nameNetworkMount({ type, source })).toBeUndefined();
});
