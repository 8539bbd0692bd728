import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import type { ResourceLimits } from "../../plan/config/configuration.ts";
import { openLimits } from "./limit-resources.ts";

const NONE: ResourceLimits = { cpus: null, memoryBytes: null, processes: null };

/** Whether this machine lets us make control groups for processes and CPUs. */
const probe = openLimits({ ...NONE, processes: 100, cpus: 1 }, "probe");
await probe.close();
const isEnforced = probe.limits.every(({ enforced_by: by }) => by !== null);

let folder = "";

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "cgroups-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(limits: ResourceLimits, script: string) {
  const opened = openLimits(limits, "test");
  const line = opened.wrap({ file: "/bin/sh", args: ["-c", script], env: { A: "a b" } });
  const ended = spawnSync(line.file, [...line.args], { env: line.env, encoding: "utf8" });
  return { opened, ended };
}

test("without limits a command stays as it is, and nothing is made", async () => {
  const opened = openLimits(NONE, "test");
  const line = { file: "/bin/true", args: ["a"], env: {} };
  expect([opened.limits, opened.wrap(line)]).toEqual([[], line]);
  await opened.close();
});

test.runIf(isEnforced)("an agent can't start more processes than its limit", async () => {
  const { opened, ended } = run(
    { ...NONE, processes: 4 },
    "for i in 1 2 3 4 5 6; do sleep 60 > /dev/null 2>&1 & done",
  );
  expect(ended.stderr).toMatch(/fork/iu);
  // Those that it did start are killed, and its group is gone.
  await opened.close();
  expect(groupsOf("pids")).toEqual([]);
});

test.runIf(isEnforced)("an agent gets no more CPU time than its limit", async () => {
  const busy = "i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; times";
  const { opened, ended } = run({ ...NONE, cpus: 0.1 }, busy);
  const [group = ""] = groupsOf("cpu");
  const throttled = /nr_throttled (\d+)/u.exec(readFileSync(path.join(group, "cpu.stat"), "utf8"));
  expect(Number(throttled?.[1])).toBeGreaterThan(0);
  expect([ended.status, ended.stderr]).toEqual([0, ""]);
  await opened.close();
  expect(groupsOf("cpu")).toEqual([]);
});

test.runIf(isEnforced)(
  "the command keeps its arguments, its variables and its exit code",
  async () => {
    const { opened, ended } = run({ ...NONE, processes: 50 }, `printf '%s' "$A"; exit 7`);
    expect([ended.status, ended.stdout]).toEqual([7, "a b"]);
    await opened.close();
  },
);

test("a limit that no group can enforce is named, and the command runs without it", async () => {
  const limits = { cpus: 2, memoryBytes: 1024, processes: 50 };
  for (const facts of [null, { memberships: "", mounts: "" }, facts1("/nowhere")]) {
    const opened = openLimits(limits, "test", facts);
    expect(opened.limits).toEqual([
      { resource: "cpus", limit: 2, enforced_by: null },
      { resource: "memory", limit: 1024, enforced_by: null },
      { resource: "processes", limit: 50, enforced_by: null },
    ]);
    const line = { file: "/bin/true", args: [], env: {} };
    expect(opened.wrap(line)).toEqual(line);
    await opened.close();
  }
});

/** What the kernel says if a folder stands for all hierarchies of version 1. */
function facts1(mounted: string) {
  return {
    memberships: "3:pids:/own\n2:memory:/docker/id/own\n1:cpu,cpuacct:/own\n0::/\n",
    mounts: [
      `31 23 0:28 / ${mounted}/cpu rw - cgroup cgroup rw,cpu,cpuacct`,
      `32 23 0:29 /docker/id ${mounted}/memory rw - cgroup cgroup rw,memory`,
      `33 23 0:30 / ${mounted}/pids rw - cgroup cgroup rw,pids`,
      `34 23 0:31 / ${mounted}/unified rw - cgroup2 cgroup2 rw`,
    ].join("\n"),
  };
}

test("the values go into the files of version 1, below the group of this process", () => {
  for (const name of ["cpu", "memory", "pids"]) {
    mkdirSync(path.join(folder, name, "own"), { recursive: true });
  }
  const limits = { cpus: 1.5, memoryBytes: 512 * 1024 ** 2, processes: 64 };
  const opened = openLimits(limits, "w1", facts1(folder));
  const group = `counterbalance-${String(process.pid)}-w1`;
  const read = (...names: string[]) => readFileSync(path.join(folder, ...names), "utf8");
  expect(opened.limits.map(({ enforced_by: by }) => by)).toEqual(Array(3).fill("cgroup-v1"));
  expect(read("cpu/own", group, "cpu.cfs_quota_us")).toBe("150000");
  expect(read("cpu/own", group, "cpu.cfs_period_us")).toBe("100000");
  expect(read("memory/own", group, "memory.limit_in_bytes")).toBe("536870912");
  expect(read("pids/own", group, "pids.max")).toBe("64");
});

test("a controller of version 2 that is not there yet is asked for", () => {
  writeFileSync(path.join(folder, "cgroup.subtree_control"), "memory pids");
  const facts = {
    memberships: "0::/\n",
    mounts: `34 23 0:31 / ${folder} rw - cgroup2 cgroup2 rw`,
  };
  const { limits } = openLimits({ ...NONE, cpus: 2 }, "w3", facts);
  expect(limits).toEqual([{ resource: "cpus", limit: 2, enforced_by: "cgroup-v2" }]);
  expect(readFileSync(path.join(folder, "cgroup.subtree_control"), "utf8")).toBe("+cpu");
});

test("the values go into the files of version 2", () => {
  const own = path.join(folder, "user/own");
  mkdirSync(own, { recursive: true });
  writeFileSync(path.join(own, "cgroup.subtree_control"), "cpu memory pids");
  const facts = {
    memberships: "0::/user/own\n",
    mounts: `34 23 0:31 / ${folder} rw - cgroup2 cgroup2 rw`,
  };
  const opened = openLimits({ cpus: 2, memoryBytes: 4096, processes: 64 }, "w2", facts);
  const group = path.join(own, `counterbalance-${String(process.pid)}-w2`);
  expect(opened.limits.map(({ enforced_by: by }) => by)).toEqual(Array(3).fill("cgroup-v2"));
  expect(readFileSync(path.join(group, "cpu.max"), "utf8")).toBe("200000 100000");
  expect(readFileSync(path.join(group, "memory.max"), "utf8")).toBe("4096");
  expect(readFileSync(path.join(group, "pids.max"), "utf8")).toBe("64");
});

test("the groups of a run that was killed are removed by the next one", () => {
  const own = path.join(folder, "pids/own");
  const orphan = path.join(own, "counterbalance-999999999-old");
  const other = path.join(own, `counterbalance-${String(process.ppid)}-alive`);
  for (const one of [orphan, other]) mkdirSync(one, { recursive: true });
  openLimits({ ...NONE, processes: 50 }, "new", facts1(folder));
  expect([existsSync(orphan), existsSync(other)]).toEqual([false, true]);
});

/** The groups of this process that are left in a hierarchy of version 1 or 2. */
function groupsOf(controller: string): readonly string[] {
  const roots = [`/sys/fs/cgroup/${controller}`, "/sys/fs/cgroup"].filter((root) =>
    existsSync(root),
  );
  return roots.flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => path.basename(name) === `counterbalance-${String(process.pid)}-test`)
      .map((name) => path.join(root, name)),
  );
}
