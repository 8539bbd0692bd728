import { execFileSync } from "node:child_process";

import { expect, it } from "vitest";

import { pane, WindowLab } from "../../test-support/window-lab.ts";

const AUTHOR = ["-c", "user.name=a", "-c", "user.email=a@example.com"];

interface Counted {
  readonly is_there: boolean;
  readonly commit_start: string;
  readonly commit_end: string;
  readonly churn: { readonly insertions: number; readonly deletions: number };
}

/** A window of codex in a folder that is a repository. */
class ChurnLab extends WindowLab {
  git(...args: readonly string[]): string {
    return execFileSync("git", ["-C", this.folder, ...AUTHOR, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  }

  /** Commits a file with so many lines, and returns the commit's hash. */
  commit(name: string, lines: number): string {
    this.file(name, ...Array.from({ length: lines }, (_, line) => `line ${String(line)}`));
    this.git("init", "--quiet");
    this.git("add", name);
    this.git("commit", "--quiet", "--message", name);
    return this.git("rev-parse", "HEAD");
  }

  async count(more: string, window = "W0-07"): Promise<Counted> {
    return await this.json(`churn --window ${window} --provider codex${more}`);
  }
}

it("the churn between two commits is counted once, and another count corrects it", async () => {
  const lab = new ChurnLab();
  const [start, middle, end] = [lab.commit("a", 3), lab.commit("b", 5), lab.commit("a", 1)];
  await lab.take("before", "09:00", 90);
  const span = `--commit-start ${start} --commit-end`;
  const churn = { files_changed: 1, insertions: 5, deletions: 0 };
  expect(await lab.count(` ${span} ${middle}`)).toMatchObject({
    is_there: false,
    commit_start: start,
    commit_end: middle,
    churn,
    net_lines: 5,
    scenarios: null,
    net_lines_per_scenario: null,
    planned: null,
  });
  expect(await lab.count(` ${span} HEAD~1`)).toMatchObject({ is_there: true, churn });
  expect(await lab.count(` ${span} HEAD --scenarios 4`)).toMatchObject({
    is_there: false,
    commit_end: end,
    churn: { files_changed: 2, insertions: 5, deletions: 2 },
    net_lines: 3,
    net_lines_per_scenario: 0.75,
  });
  expect(await lab.count(` ${span} HEAD`)).toMatchObject({ is_there: true, scenarios: 4 });
  expect(await lab.count(` ${span} HEAD --scenarios 2`)).toMatchObject({ is_there: false });
  const rows = lab.rows("churn");
  expect(rows).toMatchObject([
    { record: "churn_measured", window: "W0-07", provider: "codex", commits: 1, churn },
    { supersedes: rows[0]?.["id"], commits: 2, scenarios: 4 },
    { supersedes: rows[1]?.["id"], commits: 2, scenarios: 2 },
  ]);
  expect(rows[0]).not.toHaveProperty("supersedes");
  expect(rows[0]).not.toHaveProperty("scenarios");
});

it("the commits are those of the completion, unless others are named", async () => {
  const lab = new ChurnLab();
  const [start, end] = [lab.commit("a", 3), lab.commit("b", 5)];
  await lab.take("before", "09:00", 90);
  await lab.take("after", "09:30", 80);
  expect(await lab.refusal("churn --window W0-07 --provider codex")).toMatch(
    /^\d W0-07 \(codex\): expected --commit-start, got none/,
  );
  await lab.complete(
    `--feature f --outcome pass --quality 1 --methodology m --commit-start ${start} --commit-end ${end}`,
  );
  expect(await lab.count("")).toMatchObject({ commit_start: start, commit_end: end });
});

it("commits that are swapped, unknown or of no repository are refused", async () => {
  const lab = new ChurnLab();
  const [start, end] = [lab.commit("a", 3), lab.commit("b", 5)];
  const refused = async (more: string) =>
    await lab.refusal(`churn --window W0-07 --provider codex ${more}`);
  expect(await refused(`--commit-start ${end} --commit-end ${start}`)).toMatch(
    `--commit-end: expected a commit after ${end}, got ${start}, which comes before it. Swap them.`,
  );
  expect(await refused(`--commit-start ${start} --commit-end nothing`)).toContain(
    `--commit-end nothing: expected a commit of ${lab.folder}, got an unknown one`,
  );
  expect(await refused(`--commit-start ${start} --commit-end ${end} --repo /`)).toContain(
    "--repo /: expected a folder in a git repository",
  );
  lab.file("deep/er/file", "");
  const same = `--commit-start ${start} --commit-end ${start} --repo deep/er`;
  expect(await lab.count(` ${same}`)).toMatchObject({ churn: { insertions: 0, deletions: 0 } });
});

it("the churn of a feature is that of its windows, by provider, with the largest count of scenarios", async () => {
  const lab = new ChurnLab();
  const [start, middle, end] = [lab.commit("a", 6), lab.commit("b", 5), lab.commit("a", 2)];
  const work = "--outcome pass --quality 1 --methodology m";
  for (const [window, feature, span, scenarios] of [
    ["W0-07", "f", `--commit-start ${start} --commit-end ${middle}`, " --scenarios 3"],
    ["W0-08", "f", `--commit-start ${middle} --commit-end ${end}`, ""],
    ["W0-09", "e", `--commit-start ${start} --commit-end ${end}`, ""],
  ] as const) {
    await lab.run(lab.line("before", "09:00", { window }), pane(90));
    await lab.run(lab.line("after", "09:30", { window }), pane(80));
    await lab.json(`complete --window ${window} --feature ${feature} ${work} ${span}`);
    await lab.count(` ${span}${scenarios}`, window);
  }
  await lab.run(lab.line("before", "09:00", { window: "W0-10" }), pane(90));
  await lab.count(` --commit-start ${start} --commit-end ${middle}`, "W0-10");
  const one = { provider: "codex", windows: 1, scenarios: null, normalized: null };
  expect(await lab.json("churn --by-feature")).toEqual([
    { ...one, feature: "e", files: 2, insertions: 5, deletions: 4, net: 1 },
    {
      ...one,
      feature: "f",
      windows: 2,
      files: 2,
      insertions: 5,
      deletions: 4,
      net: 1,
      scenarios: 3,
      normalized: 1 / 3,
    },
    { ...one, feature: null, files: 1, insertions: 5, deletions: 0, net: 5 },
  ]);
});
