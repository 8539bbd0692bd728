import assert from "node:assert/strict";
import { globSync } from "node:fs";
import path from "node:path";

import type { ExperimentWorld } from "./world.ts";

/** The one report in a data folder, as text. */
export function reportText(world: ExperimentWorld, data = ".experiment"): string {
  return world.read(reportPath(world, data));
}

/** Markdown and JSON together, to be compared to the byte. */
export function reportBytes(world: ExperimentWorld, data = ".experiment"): string {
  return reportText(world, data) + reportJson(world, data);
}

export function reportJson(world: ExperimentWorld, data = ".experiment"): string {
  return world.read(reportPath(world, data).replace(/md$/u, "json"));
}

/** The folder of the one report, within the world's folder. */
export function reportFolder(world: ExperimentWorld): string {
  return path.dirname(reportPath(world, ".experiment"));
}

/** The report without its annex, where the data of pictures are moments and no figures. */
export function figuresText(world: ExperimentWorld): string {
  const [text = ""] = reportText(world).split("\n## Annex");
  return text;
}

/** The cells of every row of the report's tables. */
export function reportRows(world: ExperimentWorld): readonly (readonly string[])[] {
  return figuresText(world)
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** The rows of the tables whose first cell begins with a name. */
export function rowsNamed(world: ExperimentWorld, name: string): readonly (readonly string[])[] {
  return reportRows(world).filter(([first = ""]) => first.split(" †")[0] === name);
}

/** The absolute path of a file of the one report. */
export function reportFile(world: ExperimentWorld, name: string): string {
  return path.join(world.folder, path.dirname(reportPath(world, ".experiment")), name);
}

function reportPath(world: ExperimentWorld, data: string): string {
  const found = globSync(path.join(data, "reports/*/report.md"), { cwd: world.folder });
  assert.equal(found.length, 1, `Reports in ${data}: ${found.join(", ")}`);
  return found[0] ?? "";
}
