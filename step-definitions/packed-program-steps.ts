import assert from "node:assert/strict";
import { cpSync, globSync, lstatSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

import { Given, Then, When } from "@cucumber/cucumber";
import { z } from "zod";

import { packageFolder } from "../runner/platform/environment/package-folder.ts";
import { installAlone, installGlobally } from "./support/installed-globally.ts";
import { folderOfNode } from "./support/other-node.ts";
import { runProcess } from "./support/run-process.ts";
import type { ExperimentWorld } from "./support/world.ts";

Given("the packed program is installed globally", async function (this: ExperimentWorld) {
  const node = path.dirname(process.execPath);
  this.variables["PATH"] = [await installGlobally(), node, this.variables["PATH"]].join(
    path.delimiter,
  );
});

const MEGABYTE = 1e6;
const ALONE = "alone";

Given("the tarball is installed in an empty folder", async function (this: ExperimentWorld) {
  cpSync(await installAlone(), this.file(ALONE), { recursive: true, verbatimSymlinks: true });
});

Given(
  "a home without git configuration, and Node {int} as the first one in the PATH",
  async function (this: ExperimentWorld, major: number) {
    useBareHome(this);
    await useNode(this, major);
  },
);

function useBareHome(world: ExperimentWorld): void {
  world.variables["HOME"] = world.file("home");
  world.variables["GIT_CONFIG_NOSYSTEM"] = "1";
  delete world.variables["GIT_CONFIG_GLOBAL"];
}

async function useNode(world: ExperimentWorld, major: number): Promise<void> {
  const folder = await folderOfNode(major);
  world.variables["PATH"] = [folder, world.variables["PATH"]].join(path.delimiter);
}

const Reported = z.looseObject({
  versions: z.array(z.looseObject({ name: z.string(), versions: z.array(z.string()) })),
});

Then("its report says that Node {int} ran it", function (this: ExperimentWorld, major: number) {
  const folder = this.file(ALONE);
  const [file = "no report"] = globSync(".experiment/reports/*/report.json", { cwd: folder });
  const { versions } = Reported.parse(JSON.parse(readFileSync(path.join(folder, file), "utf8")));
  const node = versions.find(({ name }) => name === "node");
  assert.deepEqual(
    node?.versions.map((version) => version.split(".")[0]),
    [`v${String(major)}`],
  );
});

When("a program there imports every entry with its types", async function (this: ExperimentWorld) {
  const folder = this.file(ALONE);
  writeFileSync(path.join(folder, "program.mts"), PROGRAM);
  const compiler = path.join(packageFolder(), "node_modules/.bin/tsc");
  const options = ["--strict", "--skipLibCheck", "--module", "nodenext", "--target", "es2024"];
  const types = [
    "--types",
    "node",
    "--typeRoots",
    path.join(packageFolder(), "node_modules/@types"),
  ];
  const compile = [compiler, ...options, ...types, "program.mts"];
  this.last = await runProcess(this, compile, folder);
  assert.equal(this.last.exitCode, 0, this.last.stdout);
  this.last = await runProcess(this, [process.execPath, "program.mjs"], folder);
});

const PROGRAM = `
import { buildReport, picturesOf, type ReportData } from "counterbalance";
import { openExperimentView, type LedgerReader } from "counterbalance/ledger";
import { tQuantile } from "counterbalance/statistics";
export const read = (ledger: LedgerReader, id: string): ReportData =>
  buildReport(openExperimentView(ledger, id));
// @ts-expect-error A function is not a number.
export const wrong: number = picturesOf;
console.log(typeof buildReport, typeof openExperimentView, typeof tQuantile);
`;

Then(
  "the installed packages take at most {int} MB, and name the licences of {string} and of every dependency",
  function (this: ExperimentWorld, most: number, names: string) {
    assertSize(this, most);
    assertLicences(this, names);
    assertDependencies(this);
  },
);

function assertSize(world: ExperimentWorld, most: number): void {
  const folder = world.file(`${ALONE}/node_modules`);
  const bytes = globSync("**", { cwd: folder })
    .map((file) => lstatSync(path.join(folder, file)))
    .reduce((sum, file) => sum + (file.isFile() ? file.size : 0), 0);
  assert.ok(bytes > MEGABYTE, "Nothing is installed.");
  assert.ok(bytes <= most * MEGABYTE, `${(bytes / MEGABYTE).toFixed(1)} MB`);
}

function assertLicences(world: ExperimentWorld, names: string): void {
  const file = `${ALONE}/node_modules/counterbalance/dist/third-party-licenses.txt`;
  const text = readFileSync(world.file(file), "utf8");
  for (const name of names.split(", ")) assert.match(text, new RegExp(`^${name} \\d`, "mu"));
}

function assertDependencies(world: ExperimentWorld): void {
  const file = `${ALONE}/node_modules/counterbalance/dist/third-party-licenses.txt`;
  const text = readFileSync(world.file(file), "utf8");
  const lock = z
    .object({ packages: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(readFileSync(world.file(`${ALONE}/package-lock.json`), "utf8")));
  const installed = Object.keys(lock.packages)
    .map((place) => place.split("node_modules/").at(-1) ?? "")
    .filter((name) => !["", "counterbalance"].includes(name));
  // Its version may be later than the one in the list.
  assert.deepEqual(
    installed.filter((name) => !text.includes(`\n${name} `)),
    [],
  );
  assert.doesNotMatch(text, /: unknown/u);
}
