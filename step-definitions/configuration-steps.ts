import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

import { type DataTable, Given, Then } from "@cucumber/cucumber";
import { stringify, parse } from "yaml";
import { z } from "zod";

import { ModelProfile } from "../runner/rehearsal/profile.ts";
import { putOnPath } from "./support/lab.ts";
import { BUILTIN_BANK } from "./support/own-bank.ts";
import { smallExperiment } from "./support/small-experiment.ts";
import type { ExperimentWorld } from "./support/world.ts";

const FILE = "experiment.yaml";

Given(
  "the file {string} is changed:",
  function (this: ExperimentWorld, file: string, changes: DataTable) {
    change(this, file, changes);
  },
);

Given("{string} ends with another line", function (this: ExperimentWorld, file: string) {
  this.write(file, `${this.read(file)}\n# Another line.\n`);
});

Given(
  "a {string} on the PATH that says its version is {string}",
  function (this: ExperimentWorld, name: string, version: string) {
    putOnPath(this, name, `#!/bin/sh\necho '${version} (made up)'\n`);
  },
);

Then("it is refused with:", function (this: ExperimentWorld, expected: string) {
  const message = this.last.stderr
    .replaceAll(`${this.folder}/`, "")
    .replaceAll(this.folder, "FOLDER");
  assert.equal(message, `experiment: ${fillIn(expected)}\n`);
});

Then("the experiment file is unchanged", function (this: ExperimentWorld) {
  assert.equal(this.read(FILE), smallExperiment());
});

Then(
  "the first line of the experiment file names a JSON Schema that it matches",
  function (this: ExperimentWorld) {
    const [first = ""] = this.read(FILE).split("\n", 1);
    const target = /^# yaml-language-server: \$schema=(.+)$/u.exec(first)?.[1] ?? "";
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(this.file(target), "utf8")));
    assert.equal(schema.safeParse(parse(this.read(FILE))).success, true);
    assert.equal(schema.safeParse({ providers: 5 }).success, false);
  },
);

Given("its file has:", function (this: ExperimentWorld, fields: DataTable) {
  const file: unknown = parse(this.read(FILE));
  for (const [path = "", value = ""] of fields.raw()) {
    setAt(file, path.split("."), value === "nothing" ? undefined : parse(value));
  }
  this.write(FILE, stringify(file));
});

/** `*` is every key there is; what is set to nothing is left out. */
function setAt(place: unknown, [key = "", ...rest]: readonly string[], value: unknown): void {
  assert.ok(typeof place === "object" && place !== null, key);
  for (const name of key === "*" ? Object.keys(place) : [key]) {
    const held: unknown = Object.getOwnPropertyDescriptor(place, name)?.value;
    const inner = held ?? {};
    if (rest.length > 0) setAt(inner, rest, value);
    Object.assign(place, { [name]: rest.length > 0 ? inner : value });
  }
}

/** Words in capitals stand for what a later version of the product may have more of. */
function fillIn(expected: string): string {
  return expected
    .replace("BANK", BUILTIN_BANK)
    .replace("TASKS", readdirSync(BUILTIN_BANK).toSorted().join(", "))
    .replace("PROFILE", Object.keys(ModelProfile.def.innerType.shape).join(", "));
}

function change(world: ExperimentWorld, file: string, changes: DataTable): void {
  const changed = changes.hashes().reduce((text, { TEXT = "", INSTEAD = "" }) => {
    assert.ok(text.includes(TEXT), `${file} does not hold: ${TEXT}`);
    return text.replace(TEXT, INSTEAD);
  }, world.read(file));
  world.write(file, changed);
}
