import { registerHooks } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Loads a module of the solution without its types, if they were removed before. */
export function useStrippedFiles(
  solution: string,
  readStripped: (name: string) => string | undefined,
): void {
  registerHooks({
    load: (url, context, nextLoad) => {
      const name =
        context.format === "module-typescript" ? path.relative(solution, fileURLToPath(url)) : "..";
      const source = name.startsWith("..") ? undefined : readStripped(name);
      return source === undefined
        ? nextLoad(url, context)
        : { format: "module", source, shortCircuit: true };
    },
  });
}
