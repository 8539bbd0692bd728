import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { makeMutants, type Mutant } from "../../runner/tasks/check/mutants/make-mutants.ts";
import { filesByArea } from "./areas.ts";
import { functionAt } from "./function-at.ts";

/** What users start. */
const PROGRAM = "dist/runner/cli/experiment.cjs";
const NOTE_PROGRAM = pathToFileURL(path.join(import.meta.dirname, "note-program.ts")).href;

/** A mutant of an area, found again in a later version by its place and its change. */
export interface AreaMutant extends Mutant {
  readonly area: string;
  readonly file: string;
  /** The text of its file. */
  readonly source: string;
  /** The same as long as its file is the same. */
  readonly key: string;
}

/**
 * Copies the repository's work tree with what is not committed, puts all mutants into the copy and builds it. The clone
 * stays as it is.
 */
export async function mutateCopy(clone: string, copy: string): Promise<readonly AreaMutant[]> {
  rmSync(copy, { recursive: true, force: true });
  const listed = execFileSync("git", ["ls-files", "-coz", "--exclude-standard"], { cwd: clone });
  for (const name of listed.toString().split("\0")) {
    const from = path.join(clone, name);
    if (name === "" || statSync(from, { throwIfNoEntry: false }) === undefined) continue;
    mkdirSync(path.dirname(path.join(copy, name)), { recursive: true });
    cpSync(from, path.join(copy, name), { verbatimSymlinks: true, recursive: true });
  }
  symlinkSync(path.join(clone, "node_modules"), path.join(copy, "node_modules"));
  const areas = [...filesByArea(copy)].flatMap(([area, files]) =>
    files.map((file) => [file, area] as const),
  );
  const areaOf = new Map(areas);
  const sources = new Map(
    areas.map(([file]) => [file, readFileSync(path.join(copy, file), "utf8")]),
  );
  const mutants = await makeMutants(copy, [...areaOf.keys()]);
  const build = [".ci/build.mjs", "step-definitions/tsconfig.json"];
  execFileSync(process.execPath, build, { cwd: copy, stdio: ["ignore", "ignore", "inherit"] });
  addNotes(path.join(copy, PROGRAM));
  const counts = new Map<string, number>();
  return mutants.filter(decides).map((mutant) => {
    const [file = ""] = mutant.at.split(":");
    const source = sources.get(file) ?? "";
    const place = counts.get(file) ?? 0;
    counts.set(file, place + 1);
    const key = sha256([source, mutant.at, mutant.from, mutant.to, String(place)].join("\0"));
    return { ...mutant, area: areaOf.get(file) ?? "", file, source, key };
  });
}

/** Lets a program note what it reaches. It may end with a comment and without a line end. */
export function addNotes(program: string): void {
  appendFileSync(program, `\nvoid import(${JSON.stringify(NOTE_PROGRAM)});\n`);
}

/** How a sentence is worded decides nothing. */
function decides({ kind, from }: Mutant): boolean {
  return kind !== "StringLiteral" || !from.includes(" ");
}

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The name of the function that a mutant changes. */
export function functionOf({ source, at }: AreaMutant): string {
  return functionAt(source, Number(at.split(":").at(-1)));
}
