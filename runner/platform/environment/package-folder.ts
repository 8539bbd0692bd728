import { readFileSync } from "node:fs";
import path from "node:path";

/** The package's root folder, from the sources (`runner/`) as from the build (`dist/runner/`). */
export function packageFolder(): string {
  const here = import.meta.dirname;
  return path.resolve(here, import.meta.filename.endsWith(".ts") ? "../../.." : "../../../..");
}

/** The file that starts the program, from the sources as from the build. */
export function programFile(): string {
  const name = import.meta.filename.endsWith(".ts") ? "main.ts" : "experiment.cjs";
  return path.resolve(import.meta.dirname, "../../cli", name);
}

/** The version in package.json. */
export function toolVersion(): string {
  const text = readFileSync(path.join(packageFolder(), "package.json"), "utf8");
  const { version }: { version: string } = JSON.parse(text);
  return version;
}
