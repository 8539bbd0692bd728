import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { PassThrough, Readable } from "node:stream";

import type { LedgerFile } from "../../../ledger/domain/ledger-file.ts";
import { epochMsOf } from "../../../ledger/domain/timestamp.ts";
import { type ManualClock, manualClock } from "../../../ledger/store/test-support/manual-clock.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { runCommandLine } from "../run-command-line.ts";

/** Commands in a folder of their own, in this process, at a time that only the test moves. */
export class CommandLab {
  readonly folder = temporaryFolder();
  readonly clock: ManualClock = manualClock(epochMsOf("2025-10-19T10:00:00.000Z"));

  /** Writes a file of lines and returns its path. An object is written as JSON. */
  file(name: string, ...lines: readonly (string | object)[]): string {
    const file = path.join(this.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    const texts = lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line)));
    writeFileSync(file, `${texts.join("\n")}\n`);
    return file;
  }

  /** @param line - For example `undo --id abc`; no value in it has a blank. */
  async run(line: string, stdin = "") {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const exitCode = await runCommandLine(line.split(" "), {
      ...this.environment(stdin),
      stdout,
      stderr,
    });
    return { exitCode, out: textIn(stdout), err: textIn(stderr) };
  }

  /** What a successful command prints for programs. */
  async json<Value = unknown>(line: string, stdin = ""): Promise<Value> {
    const { exitCode, out, err } = await this.run(`${line} --json`, stdin);
    if (exitCode !== 0) throw new Error(`${line} ended with exit code ${exitCode}: ${err}`);
    return JSON.parse(out);
  }

  /** The rows of a file of the ledger. */
  rows(file: LedgerFile): readonly Readonly<Record<string, unknown>>[] {
    const text = readFileSync(path.join(this.folder, `.experiment/ledger/${file}.jsonl`), "utf8");
    return text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
  }

  environment(stdin = ""): Environment {
    const { folder, clock } = this;
    return {
      clock,
      cwd: folder,
      variables: { HOME: folder, PATH: "/usr/bin:/bin", TZ: "UTC" },
      stdin: Readable.from([Buffer.from(stdin)]),
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      isRoot: false,
      canMount: false,
      platform: "linux",
      randomId: () => crypto.randomUUID(),
      onInterrupt: () => () => undefined,
    };
  }
}

function textIn(stream: PassThrough): string {
  const read: unknown = stream.setEncoding("utf8").read();
  return typeof read === "string" ? read : "";
}
