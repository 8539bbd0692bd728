/** Records the rehearsal as a film of a terminal: `docs/pictures/session.svg`. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { packageFolder } from "../../runner/package-folder.ts";
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
  writeFileSync(path.join(root, "docs/pictures/session.svg"), film);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
