import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
  mkdirSync,
  existsSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { setWorldConstructor, World } from "@cucumber/cucumber";
import { parseCommandString } from "execa";

import type { Clock } from "../../ledger/domain/clock.ts";
import type { LedgerFile } from "../../ledger/domain/ledger-file.ts";
import type { Row } from "../../ledger/domain/row.ts";
import { systemClock } from "../../runner/platform/environment/environment.ts";
import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import { pathWithoutAgents } from "./agentless-path.ts";
import { type CommandEnd, type RunningCommand, startCommand } from "./command-run.ts";

const AGENTLESS = pathWithoutAgents();

/** One scenario's own folder, environment and last command. */
export class ExperimentWorld extends World {
  /** The folder in which commands run. It is removed after the scenario. */
  readonly folder = mkdtempSync(path.join(tmpdir(), "counterbalance-spec-"));
  readonly variables: Record<string, string | undefined> = {
    PATH: AGENTLESS,
    HOME: this.folder,
    TMPDIR: tmpdir(),
    LANG: "C.UTF-8",
    // What each process of the command would compile again.
    NODE_COMPILE_CACHE: path.join(packageFolder(), ".experiment/tests/compiled"),
  };
  /** Whether a step looked at the last command's exit code. */
  isExitCodeSeen = true;
  running: RunningCommand | null = null;
  /** What commands read the time from. */
  clock: Clock = systemClock;
  /** A loopback port that commands take for a public host's. */
  publicLoopbackPort: number | undefined;
  /** What commands take for the origin of a vendor's host. */
  originOf: ((host: string) => string) | undefined;
  /** What a scenario started and has to be stopped after it, last first. */
  readonly cleanups: (() => Promise<void> | void)[] = [];
  #last: CommandEnd | null = null;

  /** The last command's end. */
  get last(): CommandEnd {
    if (this.#last === null) throw new Error("No command has been run in this scenario.");
    return this.#last;
  }

  set last(end: CommandEnd) {
    this.#last = end;
    this.isExitCodeSeen = false;
  }

  get hasRun(): boolean {
    return this.#last !== null;
  }

  /** Runs a command line such as `experiment plan --seed 42`, blanks escaped by a backslash. */
  async run(line: string, stdin?: string): Promise<void> {
    this.start(line, stdin);
    await this.finish();
  }

  start(line: string, stdin?: string): void {
    const [program, ...args] = parseCommandString(line);
    if (program !== "experiment") throw new Error(`Not a command of ours: ${line}`);
    const place = {
      cwd: this.folder,
      variables: this.variables,
      clock: this.clock,
      publicLoopbackPort: this.publicLoopbackPort,
      originOf: this.originOf,
      ...(stdin === undefined ? {} : { stdin }),
    };
    this.running = startCommand(args, place);
  }

  /** Waits for the command that was started. */
  async finish(): Promise<void> {
    if (this.running === null) throw new Error("No command is running.");
    this.last = await this.running.ended;
    this.running = null;
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  write(name: string, text: string | Buffer): void {
    const file = this.file(name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    return readFileSync(this.file(name), "utf8");
  }

  exists(name: string): boolean {
    return existsSync(this.file(name));
  }

  /** Rows of a ledger file, or of the copy of a store, as the disk has them. */
  rows(file: LedgerFile): readonly Row[] {
    const folders = [".experiment", ...this.#storeFolders()];
    const names = folders.map((folder) => path.join(folder, "ledger", `${file}.jsonl`));
    const name = names.find((one) => this.exists(one));
    if (name === undefined) return [];
    return this.read(name)
      .split("\n")
      .filter((line) => line !== "")
      .map((line): Row => JSON.parse(line));
  }

  #storeFolders(): readonly string[] {
    const stores = path.join(".experiment", "stores");
    if (!this.exists(stores)) return [];
    return readdirSync(this.file(stores)).map((key) => path.join(stores, key));
  }

  /** Rows of one record, oldest first. */
  rowsOf(file: LedgerFile, record: string): readonly Row[] {
    return this.rows(file).filter((row) => row.record === record);
  }
}

setWorldConstructor(ExperimentWorld);
