import { readFileSync } from "node:fs";
import path from "node:path";

import { FailedError } from "../../../../ledger/domain/errors.ts";
import type { PageAssets } from "../../../../reports/page/render-page.ts";
import { packageFolder } from "../../../platform/environment/package-folder.ts";

/** The package lacks a file that its build makes. */
class NotBuiltError extends FailedError {}

/** The script and the style of HTML reports, as the build made them. */
export function readPageAssets(): PageAssets {
  const folder = path.join(packageFolder(), "dist/reports/page");
  try {
    return {
      script: readFileSync(path.join(folder, "page.js"), "utf8"),
      style: readFileSync(path.join(folder, "page.css"), "utf8"),
    };
  } catch (error) {
    const message = `${folder}: the script of HTML reports is not there. Run "npm run build".`;
    throw new NotBuiltError(message, { cause: error });
  }
}
