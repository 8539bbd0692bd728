import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Loads a module of the solution without its types, if they were removed before. */
export function useStrippedFiles(solution: string, stripped: string): void {
  registerHooks({
    load: (url, context, nextLoad) => {
      const source =
        context.format === "module-typescript" ? readStripped(url, solution, stripped) : undefined;
      return source === undefined
        ? nextLoad(url, context)
        : { format: "module", source, shortCircuit: true };
    },
  });
}

function readStripped(url: string, solution: string, stripped: string): string | undefined {
  const name = path.relative(solution, fileURLToPath(url));
  if (name.startsWith("..")) return undefined;
  try {
    return readFileSync(path.join(stripped, name), "utf8");
  } catch {
    return undefined;
  }
}
