import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect, it } from "vitest";

import { isLogFile } from "../../../ledger/domain/cited-work.ts";
import { temporaryFolder } from "../test-support/temporary-folder.ts";
import { locateDataFolder, logsFolder, makeFolder } from "./data-folder.ts";
import { processEnvironment } from "./environment.ts";

const SCRIPT = fileURLToPath(new URL("../test-support/make-folders.ts", import.meta.url));
const ROUNDS = 100;

it("is made by several processes at once, and none of them minds the others", async () => {
  const root = temporaryFolder();
  const makers = Array.from({ length: 3 }, () => fork(SCRIPT));
  try {
    await Promise.all(makers.map((maker) => once(maker, "message")));
    const answers = new Set<unknown>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const folder = path.join(root, String(round), "data", "ledger");
      const answering = makers.map((maker) => once(maker, "message"));
      for (const maker of makers) maker.send(folder);
      for (const [answer] of await Promise.all(answering)) answers.add(answer);
    }
    expect([...answers]).toEqual(["made"]);
  } finally {
    for (const maker of makers) maker.kill();
  }
});

it("has other folders for what agents print if the ledger is in a store", () => {
  const variables = { COUNTERBALANCE_STORE: "postgres://me@localhost/experiments" };
  const environment = { ...processEnvironment(), cwd: "/home/ada" };
  const [own, stored] = [{}, variables].map((each) =>
    logsFolder(locateDataFolder(undefined, { ...environment, variables: each }), "0123456789ab"),
  );
  expect(own).toBe("/home/ada/.experiment/captures/0123456789ab");
  expect(stored).toMatch(/^\/home\/ada\/\.experiment\/captures\/0123456789ab-[0-9a-f]+$/u);
  for (const folder of [own, stored]) {
    expect(
      isLogFile(path.relative("/home/ada/.experiment", `${String(folder)}/W0-01-1-2-1.jsonl`)),
    ).toBe(true);
  }
});

it("is not made where a file has its name", () => {
  const file = path.join(temporaryFolder(), "taken");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow("is a file");
  expect(() => makeFolder(path.join(file, "below"))).toThrow("is a file");
});
