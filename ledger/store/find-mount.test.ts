import { expect, it } from "vitest";

import { findMount } from "./find-mount.ts";

const TABLE = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw,discard
41 27 8:17 / /mnt/stick rw - fuseblk /dev/sdb1 rw
42 27 0:300 / /mnt/a\\040-\\040b rw,nosuid,nodev - fuse.sshfs ada@host:/data rw,user_id=0
43 27 0:30 / /mnt/c rw - fuse https://host/dav rw,user_id=0
`;

it.each([
  ["the root", 254 * 256, { type: "ext4", source: "/dev/vda" }],
  ["a disk", 8 * 256 + 17, { type: "fuseblk", source: "/dev/sdb1" }],
  // Its lower eight bits come first, the others after those of the major.
  ["a minor above 255", (256 << 12) + 44, { type: "fuse.sshfs", source: "ada@host:/data" }],
  ["a minor of the same beginning", 30, { type: "fuse", source: "https://host/dav" }],
  ["a device that is not mounted", 99, undefined],
])("finds a mount by its device: %s", (_, device, mount) => {
  expect(findMount(TABLE, device)).toEqual(mount);
});

it("finds nothing in no table", () => {
  expect(findMount("", 0)).toBeUndefined();
});
