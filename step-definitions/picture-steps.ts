import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";

import { Then } from "@cucumber/cucumber";

import { readSvg } from "../reports/pictures/test-support/read-svg.ts";
import type { ExperimentWorld } from "./support/world.ts";

function picturesNamed(world: ExperimentWorld, name: string): readonly string[] {
  return globSync(path.join(".experiment/reports/*/pictures", `${name}.svg`), {
    cwd: world.folder,
  });
}

Then(
  "the picture {string} is drawn, and says {string}",
  function (this: ExperimentWorld, name: string, text: string) {
    const [file = ""] = picturesNamed(this, name);
    const elements = readSvg(this.read(file));
    const said = elements.find((element) => element.name === "desc")?.text ?? "";
    assert.ok(said.includes(text), said);
    assert.ok(elements.filter((element) => element.name === "text").length > 3);
  },
);
