/** Records the rehearsal as a film of a terminal, and keeps a picture of its report: `docs/pictures`. */
import { copyFileSync, globSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { drawSession } from "./draw-session.ts";
import { recordSession } from "./record-session.ts";

const root = packageFolder();
const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-session-"));
try {
  const program = path.join(root, "dist/runner/cli/experiment.cjs");
  const typed = "npx experiment run --seed 42";
  const script = `printf '%s\\n' '$ ${typed}'; cd "${folder}"; exec '${process.execPath}' '${program}' run --seed 42`;
  const frames = await recordSession(["bash", "-c", script], {
    cwd: root,
    env: { PATH: process.env["PATH"] ?? "", HOME: folder, TERM: "xterm-256color", LANG: "C.UTF-8" },
  });
  const film = drawSession(frames, `A terminal in which \`${typed}\` runs the rehearsal`);
  const pictures = path.join(root, "docs/pictures");
  writeFileSync(path.join(pictures, "session.svg"), film);
  const [slopes = ""] = globSync(".experiment/reports/*/pictures/slopes.svg", { cwd: folder });
  copyFileSync(path.join(folder, slopes), path.join(pictures, "slopes.svg"));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
