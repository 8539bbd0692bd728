import assert from "node:assert/strict";
import { hostname } from "node:os";

import { type DataTable, Then, When } from "@cucumber/cucumber";

import { DRIVERS } from "../runner/agents/drivers/registry.ts";
import { COMMAND_GROUPS } from "../runner/cli/command-groups.ts";
import { createProgram } from "../runner/cli/create-program.ts";
import type { CommandDefinition } from "../runner/cli/definition.ts";
import { processEnvironment } from "../runner/platform/environment/environment.ts";
import { toolVersion } from "../runner/platform/environment/package-folder.ts";
import { atLeastOne } from "./support/at-least-one.ts";
import type { ExperimentWorld } from "./support/world.ts";

/** The help of every command, by the command's words. */
const helpOf = new WeakMap<ExperimentWorld, ReadonlyMap<string, string>>();

When("I ask every command for its help", async function (this: ExperimentWorld) {
  const texts = new Map<string, string>();
  const commands = COMMAND_GROUPS.flatMap((group) => group.commands.flatMap(namesOf));
  for (const command of ["", ...commands]) {
    await this.run(`experiment ${command} --help`.replace("  ", " "));
    assert.equal(this.last.exitCode, 0, this.last.stderr);
    this.isExitCodeSeen = true;
    texts.set(command, this.last.stdout);
  }
  assert.ok(commands.length > 1, "There are no commands.");
  helpOf.set(this, texts);
});

Then("it lists these groups in order:", function (this: ExperimentWorld, groups: DataTable) {
  const listed = this.last.stdout
    .split("\n\n")
    .map((block) => block.trim().split("\n"))
    .filter(([heading]) => groups.raw().some(([group]) => `${group ?? ""}:` === heading))
    .map(([heading = "", ...lines]) => ({
      GROUP: heading.slice(0, -1),
      COMMANDS: lines.map((line) => line.trim().split(" ", 1)[0]).join(", "),
    }));
  assert.deepEqual(listed, groups.hashes());
});

Then("it lists these exit codes:", function (this: ExperimentWorld, codes: DataTable) {
  const block = this.last.stdout.split("\nExit codes:\n")[1] ?? "";
  const listed = block
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => /^ +(?<CODE>\d+) {2}(?<MEANING>.+)$/u.exec(line)?.groups);
  assert.deepEqual(
    listed.map((groups) => ({ ...groups })),
    codes.hashes(),
  );
});

Then(
  "no line of help is wider than {int} columns, and no group of lines is longer than {int} lines",
  function (this: ExperimentWorld, max: number, linesMax: number) {
    assertNarrow(this, max);
    assertShort(this, linesMax);
  },
);

function assertNarrow(world: ExperimentWorld, max: number): void {
  const wide = linesOf(world).filter((line) => line.length > max);
  assert.deepEqual(wide, []);
}

function assertShort(world: ExperimentWorld, linesMax: number): void {
  const groups = [...helps(world).values()].flatMap((text) => text.split("\n\n"));
  assert.deepEqual(
    groups.filter((group) => group.split("\n").length > linesMax),
    [],
  );
}

Then(
  "each help shows examples, and the program accepts each of them",
  async function (this: ExperimentWorld) {
    assertExamples(this);
    await acceptExamples(this);
  },
);

function assertExamples(world: ExperimentWorld): void {
  const bare = [...helps(world)].filter(([, text]) => examplesIn(text).length === 0);
  assert.deepEqual(
    bare.map(([command]) => command),
    [],
  );
}

async function acceptExamples(world: ExperimentWorld): Promise<void> {
  const examples = [...helps(world).values()].flatMap(examplesIn);
  for (const example of atLeastOne(examples)) {
    let isCalled = false;
    const program = createProgram(processEnvironment(), async () => {
      isCalled = true;
      return await Promise.resolve();
    });
    await program.parseAsync(example.slice(1), { from: "user" });
    assert.ok(isCalled, example.join(" "));
  }
}

Then("it prints the version in package.json", function (this: ExperimentWorld) {
  assert.equal(this.last.stdout, `${toolVersion()}\n`);
});

const KEY_VARIABLE = "ANTHROPIC_API_KEY";

Then(
  "it prints the versions of the program, Node, git and every agent, whether there is {string}, and no folder, host name or key",
  function (this: ExperimentWorld, names: string) {
    assertVersions(this);
    assertAvailability(this, names);
    assertPrivate(this);
  },
);

function assertVersions(world: ExperimentWorld): void {
  const details = detailsIn(world);
  assert.equal(details.get("counterbalance"), toolVersion());
  assert.equal(details.get("node"), process.versions.node);
  assert.match(details.get("git") ?? "", /^\d+\.\d+/u);
  for (const { name } of DRIVERS) assert.match(details.get(name) ?? "", /^(?:none|\d+\.\S+)$/u);
}

function assertAvailability(world: ExperimentWorld, names: string): void {
  for (const name of names.split(", ")) assert.ok((detailsIn(world).get(name) ?? "") !== "", name);
}

function assertPrivate(world: ExperimentWorld): void {
  const { stdout } = world.last;
  assert.ok(!stdout.includes("/"), stdout);
  assert.ok(!stdout.includes(world.variables[KEY_VARIABLE] ?? ""), stdout);
  assert.ok(!stdout.split(/\s+/u).includes(hostname()), stdout);
}

/** What each line of `--version --verbose` says, by its first word. */
function detailsIn({ last }: ExperimentWorld): ReadonlyMap<string, string> {
  return new Map(
    last.stdout.split("\n").map((line) => {
      const [name = "", ...rest] = line.split(/\s+/u);
      return [name, rest.join(" ")];
    }),
  );
}

function namesOf({ name, commands = [] }: CommandDefinition): readonly string[] {
  return [name, ...commands.flatMap(namesOf).map((inner) => `${name} ${inner}`)];
}

function helps(world: ExperimentWorld): ReadonlyMap<string, string> {
  const texts = helpOf.get(world);
  assert.ok(texts !== undefined && texts.size > 1, "No help was asked for.");
  return texts;
}

function linesOf(world: ExperimentWorld): readonly string[] {
  return [...helps(world).values()].flatMap((text) => text.split("\n"));
}

/** The words of each command line below "Examples:", as a shell passes them on. */
function examplesIn(help: string): readonly (readonly string[])[] {
  const block = help.split("\nExamples:\n")[1]?.split("\n\n")[0] ?? "";
  return block
    .replaceAll(/ \\\n +/gu, " ")
    .replaceAll(/\n {4}/gu, " ")
    .split("\n")
    .filter((line) => line.startsWith("  experiment "))
    .map((line) => line.trim().split(/ (?:[|<>]|\|\|) /u, 1)[0] ?? "")
    .map((line) => [...line.matchAll(/'(?<quoted>[^']*)'|(?<plain>\S+)/gu)])
    .map((words) => words.map(({ groups }) => groups?.["quoted"] ?? groups?.["plain"] ?? ""));
}
