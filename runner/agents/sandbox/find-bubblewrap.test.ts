import { chmodSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { findBubblewrap } from "./find-bubblewrap.ts";

const environment = processEnvironment();

/** The bubblewrap found if a `bwrap` with this script is the only one. */
async function findWith(script: string) {
  const folder = temporaryFolder();
  const file = path.join(folder, "bwrap");
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  const found = await findBubblewrap({ platform: "linux", variables: { PATH: folder } });
  return found && { ...found, file: path.basename(found.file) };
}

test.each([
  { version: "0.8", lacks: "-", forbidsNamespaces: true, limitsMemory: true },
  { version: "0.7", lacks: "--disable-userns", forbidsNamespaces: false, limitsMemory: true },
  { version: "0.6", lacks: "--size", forbidsNamespaces: false, limitsMemory: false },
])(
  "bubblewrap $version is used with what it can do",
  async ({ lacks, forbidsNamespaces, limitsMemory }) => {
    const script = `case " $* " in *" ${lacks} "*) exit 1;; esac`;
    expect(await findWith(script)).toEqual({ file: "bwrap", forbidsNamespaces, limitsMemory });
  },
);

test("older ones are tried side by side", async () => {
  const marks = temporaryFolder();
  // Each waits until the other has started too, and then only the weaker one works.
  const script = `case " $* " in *" --disable-userns "*) exit 1;; esac
case " $* " in *" --size "*) me=older; other=weak; end=1;; *) me=weak; other=older; end=0;; esac
trap 'rm -f ${marks}/'$me EXIT
: > ${marks}/$me
until [ -e ${marks}/$other ]; do /bin/sleep 0.02; done
: > ${marks}/$me-met
until [ -e ${marks}/$other-met ]; do /bin/sleep 0.02; done
exit $end`;
  expect(await findWith(script)).toMatchObject({ forbidsNamespaces: false, limitsMemory: false });
});

test("one that does not work is not used", async () => {
  expect(await findWith("exit 1")).toBeUndefined();
});

test.runIf(environment.variables["CI"] === "true")("continuous integration has 0.8", async () => {
  expect(await findBubblewrap(environment)).toMatchObject({
    forbidsNamespaces: true,
    limitsMemory: true,
  });
});
