import { readFileSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import path from "node:path";

import { packageFolder } from "../platform/environment/package-folder.ts";

const PRODUCT_IMPORT = /"(\.{1,2}\/[^"]+)\.ts"/gu;

/**
 * Writes a script of the bench as JavaScript that uses the built product, and returns its path: to
 * strip types as it loads takes a process 30 MiB that no user's process takes. `npm run build` comes first.
 */
export function builtScript(script: string, folder: string): string {
  const text = stripTypeScriptTypes(readFileSync(script, "utf8"));
  const built = path.join(folder, `${path.basename(script, ".ts")}.mjs`);
  writeFileSync(
    built,
    text.replaceAll(PRODUCT_IMPORT, (_, name: string) => {
      const source = path.relative(packageFolder(), path.resolve(path.dirname(script), name));
      return `"${path.join(packageFolder(), "dist", source)}.js"`;
    }),
  );
  return built;
}
