/** Runs in each program of ours that a scenario starts: notes which mutants the program reaches, also if it is killed. */
import { randomUUID } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";

import { PART } from "./order.ts";

const NOTE_EVERY_MS = 200;

const { MUTANTS_REACHED: folder } = process.env;
if (folder !== undefined) {
  const file = path.join(folder, randomUUID());
  let noted = 0;
  const note = (): void => {
    const { mutantCoverage } = Object(Reflect.get(globalThis, "__stryker__"));
    const reached = Object.keys(mutantCoverage?.static ?? {});
    if (reached.length === noted) return;
    noted = reached.length;
    writeFileSync(file + PART, JSON.stringify({ reached }));
    renameSync(file + PART, file);
  };
  setInterval(note, NOTE_EVERY_MS).unref();
  process.on("exit", note);
}
