import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";

import { Database } from "../../../ledger/store/postgres/database.ts";
import { readStoreAddress } from "../../../ledger/store/postgres/store-address.ts";
import {
  HAS_POSTGRES,
  type PrivateCluster,
  query,
  startPrivateCluster,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import { makeCommitRepository } from "../../tasks/setup/commit-repository.ts";
import { openCommitLab } from "../../tasks/setup/test-support/commit-lab.ts";
import { receiveCommits, sendCommits } from "./commit-bundles.ts";

/** A store, and what a worker sees that only may read it. */
async function openEnds(cluster: PrivateCluster) {
  const url = await cluster.makeDatabase();
  const database = new Database(readStoreAddress(url, "test"));
  await database.prepare(() => "ledger");
  await query(url, "create role reader login in role counterbalance_worker");
  const reader = new Database(readStoreAddress(url.replace("postgres@", "reader@"), "test"));
  onTestFinished(async () => {
    await reader.close();
    await database.close();
    await query(url, "drop role reader");
  });
  return { url, database, reader };
}

describe.skipIf(!HAS_POSTGRES)(`commits of tasks in a store${WITHOUT}`, () => {
  let cluster: PrivateCluster;
  beforeAll(async () => {
    cluster = await startPrivateCluster();
  });
  afterAll(() => cluster.stop());

  it("come as one bundle for each repository, and nothing later with them", async () => {
    const lab = await openCommitLab();
    const large = randomBytes(5 * 1024 * 1024);
    const first = await lab.commit("First", { "a.js": "1\n" });
    writeFileSync(path.join(lab.repo, "large.bin"), large);
    const second = await lab.commit("Second", { "a.js": "2\n" });
    const later = await lab.commit("Later", { "answer.js": "42\n" });
    const { database, reader, url } = await openEnds(cluster);
    const tasks = [lab.task(second), lab.task(first), lab.task(first)];
    const { environment } = lab;
    const bundles = await sendCommits(tasks, { database, environment });
    expect(bundles.map(({ commits }) => commits)).toEqual([[first, second].toSorted()]);
    expect(await sendCommits(tasks, { database, environment })).toEqual(bundles);
    const parts = await query(url, "select part from counterbalance.bundle_parts");
    expect(parts.length).toBeGreaterThan(1);

    const places = await receiveCommits(bundles, { database: reader, environment });
    expect(await receiveCommits(bundles, { database: reader, environment })).toEqual(places);
    const repo = places.get(second) ?? "";
    const task = lab.task(second, { workspace: { repo } });
    expect(await makeCommitRepository(task, path.join(lab.root, "made"), environment)).toBe(second);
    const show = (what: string) =>
      execFileSync("git", ["--git-dir", repo, "show", what], { maxBuffer: 1e8, stdio: "pipe" });
    expect(show(`${second}:large.bin`).equals(large)).toBe(true);
    expect(() => show(`${later}:answer.js`)).toThrow("git");
  });

  it("come from a clone whose history is cut", async () => {
    const lab = await openCommitLab();
    await lab.commit("First", { "a.js": "1\n" });
    const second = await lab.commit("Second", { "a.js": "2\n" });
    const clone = path.join(lab.root, "clone");
    await lab.git("clone", "--quiet", "--depth=1", `file://${lab.repo}`, clone);
    const { database, reader } = await openEnds(cluster);
    const { environment } = lab;
    const sent = lab.task(second, { workspace: { repo: clone } });
    const bundles = await sendCommits([sent], { database, environment });
    const places = await receiveCommits(bundles, { database: reader, environment });
    const task = lab.task(second, { workspace: { repo: places.get(second) ?? "" } });
    const made = path.join(lab.root, "made");
    expect(await makeCommitRepository(task, made, environment)).toBe(second);
  });

  describeMissing(() => cluster);
});

function describeMissing(cluster: () => PrivateCluster): void {
  it("are named if their repository lacks them", async () => {
    const lab = await openCommitLab();
    await lab.commit("First", { "a.js": "1\n" });
    const { database } = await openEnds(cluster());
    const task = lab.task("0".repeat(40));
    await expect(sendCommits([task], { database, environment: lab.environment })).rejects.toThrow(
      'expected "workspace.commit" to be a commit of',
    );
  });

  it("are named if the store has lost them", async () => {
    const lab = await openCommitLab();
    const start = await lab.commit("First", { "a.js": "1\n" });
    const { database, reader, url } = await openEnds(cluster());
    const { environment } = lab;
    const bundles = await sendCommits([lab.task(start)], { database, environment });
    await query(url, "delete from counterbalance.bundles");
    await expect(receiveCommits(bundles, { database: reader, environment })).rejects.toThrow(
      "the store lacks the commits",
    );
  });
}
