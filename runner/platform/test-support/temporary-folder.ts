import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { onTestFinished } from "vitest";

const TRIES_MAX = 5;

/** A folder of the running test's own, by its real path; it is removed when the test has ended. */
export function temporaryFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), "counterbalance-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: TRIES_MAX }));
  return folder;
}
