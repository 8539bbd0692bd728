import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import path from "node:path";

import { beforeEach, describe, expect, test } from "vitest";

import { systemClock } from "../../platform/environment/environment.ts";
import { jobOf } from "../../platform/reader/reading-job.ts";
import { Reading } from "../../platform/reader/reading.ts";
import { makeTooDeep } from "../../platform/test-support/hostile-files.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { overwriteSecrets } from "./overwrite-secrets.ts";

const SECRET = "a-secret-of-24-characters";
const HIDDEN = "*".repeat(SECRET.length);
const TB = 1024 ** 4;

let folder: string;
const at = (name: string) => path.join(folder, name);

type Places = Parameters<typeof overwriteSecrets>[0];

/** What the reader runs, without a process of its own. */
async function overwriteHere(places: Places) {
  const module = new URL("./overwrite-secrets.ts", import.meta.url).href;
  const reading = new Reading(systemClock);
  await Reflect.apply(jobOf({ module, name: "overwrite" }), undefined, [places, reading]);
  return { leftOut: reading.leftOut.list() };
}

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(at("deep/.git"), { recursive: true });
});

describe.each([
  ["in a reader", overwriteSecrets],
  ["in this process", overwriteHere],
])("%s", (_, overwrite) => {
  const hide = async (name = "") =>
    await overwrite({ places: [{ folder, name }], secrets: ["other", SECRET], sinceMs: 0 });

  test("secrets are overwritten in files, but not through links or in repositories", async () => {
    const outside = path.join(temporaryFolder(), "outside");
    for (const file of [at("deep/file"), at("deep/.git/file"), outside]) {
      writeFileSync(file, `a ${SECRET} b`);
    }
    symlinkSync(outside, at("link"));
    chmodSync(at("deep/file"), 0o400);
    expect(await hide()).toMatchObject({ leftOut: [] });
    expect(readFileSync(at("deep/file"), "utf8")).toBe(`a ${HIDDEN} b`);
    expect(readFileSync(at("deep/.git/file"), "utf8")).toContain(SECRET);
    expect(readFileSync(outside, "utf8")).toContain(SECRET);
  });

  test("a secret between two pieces is overwritten, and one file alone if it is named", async () => {
    const text = `${"x".repeat(1024 * 1024 - 5)}${SECRET}${"y".repeat(3_000_000)}${SECRET}`;
    for (const name of ["file", "other"]) writeFileSync(at(name), text);
    await hide("file");
    expect(readFileSync(at("file"), "utf8")).toBe(text.replaceAll(SECRET, HIDDEN));
    expect(readFileSync(at("other"), "utf8")).toBe(text);
  });

  test("a file with other names gets its own content, and they keep theirs", async () => {
    const own = path.join(temporaryFolder(), "own");
    writeFileSync(own, SECRET);
    linkSync(own, at("linked"));
    await hide();
    expect(readFileSync(at("linked"), "utf8")).toBe(HIDDEN);
    expect(readFileSync(own, "utf8")).toBe(SECRET);
  });

  test("a file that has not changed since is left alone", async () => {
    writeFileSync(at("file"), SECRET);
    const places = [{ folder, name: "" }];
    await overwrite({ places, secrets: [SECRET], sinceMs: Infinity });
    expect(readFileSync(at("file"), "utf8")).toBe(SECRET);
  });

  test.skipIf(process.platform !== "linux")(
    "holes of a sparse file are skipped, and its data is searched",
    async () => {
      writeFileSync(at("sparse"), "");
      truncateSync(at("sparse"), 4 * TB);
      const file = openSync(at("sparse"), "r+");
      writeSync(file, `a ${SECRET} b`, 3 * TB);
      expect(await hide()).toMatchObject({ leftOut: [] });
      const found = Buffer.alloc(SECRET.length + 4);
      readSync(file, found, 0, found.length, 3 * TB);
      closeSync(file);
      expect(String(found)).toBe(`a ${HIDDEN} b`);
    },
  );

  test("what can't be searched is named, and the rest is searched", async () => {
    makeTooDeep(folder);
    execFileSync("mkfifo", [at("pipe")]);
    symlinkSync("loop", at("loop"));
    writeFileSync(at("last"), SECRET);
    expect(await hide()).toMatchObject({ leftOut: [{ reason: "path", count: 1 }] });
    expect(readFileSync(at("last"), "utf8")).toBe(HIDDEN);
  });
});
