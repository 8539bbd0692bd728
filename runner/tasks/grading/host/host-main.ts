/**
 * The process that loads a solution and carries out the requests of the acceptance steps. A loaded
 * solution can change anything here, so whatever this process sends is a claim, never a verdict.
 */
import { readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";

import { FrameReader, HELLO_ID, LOAD_ID, STRIP_ID, encodeFrame } from "./frames.ts";
import { restrainSolution } from "./restrain.ts";
import { answer, load } from "./serve-solution.ts";
import { stripFiles } from "./strip-files.ts";
import { useStrippedFiles } from "./stripped-files.ts";

const CHANNEL_FD = 3;

const channel = new net.Socket({ fd: CHANNEL_FD, readable: true, writable: true });
const reader = new FrameReader();

const [, , solutionModule = "", solutionFolder = "", strippedFolder = ""] = process.argv;
serve(solutionModule);

function serve(solutionPath: string): void {
  channel.on("close", () => process.exit(0)).on("error", () => process.exit(0));
  channel.write(encodeFrame({ id: HELLO_ID, payload: new Uint8Array() }));
  useStrippedFiles(solutionFolder, readStripped);
  restrainSolution();
  channel.on("data", (chunk) => {
    for (const { id, payload } of reader.push(chunk)) {
      // Loads only on request: a host that was stopped while it started must never run the solution.
      if (id === STRIP_ID) reply(id, stripFiles(solutionFolder));
      else
        void (id === LOAD_ID ? load(solutionPath) : answer(payload)).then((said) =>
          reply(id, said),
        );
    }
  });
}

function readStripped(name: string): string | undefined {
  try {
    return readFileSync(path.join(strippedFolder, name), "utf8");
  } catch {
    return undefined;
  }
}

function reply(id: number, payload: Uint8Array): void {
  channel.write(encodeFrame({ id, payload }));
}
