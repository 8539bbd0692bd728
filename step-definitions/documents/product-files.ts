import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

import { parseSync } from "oxc-parser";

/** The product's sources, parsed. */
export function productFiles() {
  const files = execFileSync("git", ["ls-files", "ledger", "reports", "runner"], {
    encoding: "utf8",
  });
  return files
    .split("\n")
    .filter((file) => /\.c?ts$/.test(file))
    .filter((file) => !/\.test\.ts$|\/(?:bench|browser|test-support)\//.test(file))
    .map((file) => {
      const text = readFileSync(file, "utf8");
      return { file, text, parsed: parseSync(file, text) };
    });
}

export type SourceFile = ReturnType<typeof productFiles>[number];

/** What a file imports of the product: at its start, for its types, and by `import()` while it runs. */
export function importsOf({ file, text, parsed }: SourceFile): readonly string[] {
  const { staticImports, staticExports, dynamicImports } = parsed.module;
  const requests = [
    ...staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []),
    ),
    ...dynamicImports.map(({ moduleRequest: { start, end } }) => text.slice(start + 1, end - 1)),
  ];
  return requests
    .filter((request) => request.startsWith("."))
    .map((request) => path.join(path.dirname(file), request));
}
