import { defineParameterType } from "@cucumber/cucumber";

import { packageFolder } from "../../runner/platform/environment/package-folder.ts";
import type { CommandEnd } from "./command-run.ts";
import { giveToReader, programForReader, runAsReader } from "./run-as-reader.ts";
import { COMMAND, runProcess } from "./run-process.ts";
import type { ExperimentWorld } from "./world.ts";

/** Runs a command line in another way than this process does. */
export type Runner = (world: ExperimentWorld, words: readonly string[]) => Promise<CommandEnd>;

/** The folder that a scenario installs the tarball in. */
const TARBALL = "alone";
/** Starts a program as root without the right to pass over the permissions of files. */
const BOUND_ROOT = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
const ALONE = ["bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--unshare-net"];

const RUNNERS: Readonly<Record<string, Runner>> = {
  "in the clone": async (world, words) => await runProcess(world, words, packageFolder()),
  "in the folder of the tarball": async (world, words) =>
    await runProcess(world, words, world.file(TARBALL)),
  "in a process of its own": async (world, [, ...args]) =>
    await runProcess(world, [process.execPath, COMMAND, ...args]),
  "in a network that has only loopback": async (world, [, ...args]) =>
    await runProcess(world, [...ALONE, process.execPath, COMMAND, ...args]),
  "as a user whom permissions of files bind": async (world, [, ...args]) => {
    const bound = process.getuid?.() === 0 ? BOUND_ROOT : [];
    return await runProcess(world, [...bound, process.execPath, COMMAND, ...args]);
  },
  "as a user with read access only": async (world, [, ...args]) => await runAsReader(world, args),
  "as a user without rights": async (world, [, ...args]) => {
    giveToReader(world);
    return await runAsReader(world, args, programForReader(world));
  },
};

defineParameterType({
  name: "runner",
  regexp: Object.keys(RUNNERS),
  transformer: (phrase): Runner => {
    const run = RUNNERS[phrase];
    if (run === undefined) throw new Error(`No command runs ${phrase}.`);
    return run;
  },
});
