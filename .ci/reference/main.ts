import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { referenceFiles } from "./reference-files.ts";

const docs = path.join(packageFolder(), "docs");
// The page of a command that no longer exists is removed.
rmSync(path.join(docs, "reference/commands"), { recursive: true, force: true });
for (const [name, text] of await referenceFiles()) {
  const file = path.join(docs, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}
