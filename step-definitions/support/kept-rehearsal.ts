import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { AfterAll } from "@cucumber/cucumber";

import { type CommandEnd, startCommand } from "./command-run.ts";
import { keepLedger } from "./lab.ts";
import type { ExperimentWorld } from "./world.ts";

const NOWHERE = "http://127.0.0.1:9";

/** A machine whose proxies answer nobody; there is no key in a world's variables either. */
const NO_NETWORK = {
  HTTP_PROXY: NOWHERE,
  HTTPS_PROXY: NOWHERE,
  ALL_PROXY: NOWHERE,
  http_proxy: NOWHERE,
  https_proxy: NOWHERE,
};

interface Rehearsal {
  readonly folder: string;
  readonly end: CommandEnd;
}

/** One rehearsal serves every scenario that looks at it: it is copied, never changed. */
let kept: Promise<Rehearsal> | null = null;

/** Puts a rehearsal's data folder into the scenario's folder, and hands back how the run ended. */
export async function useRehearsal(world: ExperimentWorld): Promise<CommandEnd> {
  kept ??= rehearse(world);
  const { folder, end } = await kept;
  cpSync(path.join(folder, ".experiment"), world.file(".experiment"), { recursive: true });
  keepLedger(world);
  const stdout = end.stdout.replaceAll(folder, world.folder);
  return { ...end, stdout };
}

async function rehearse({ variables }: ExperimentWorld): Promise<Rehearsal> {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-rehearsal-"));
  const place = { cwd: folder, variables: { ...variables, ...NO_NETWORK, HOME: folder } };
  const args = ["run", "--seed", "42", "--workspace-root", path.join(folder, "work")];
  const end = await startCommand(args, place).ended;
  return { folder, end };
}

AfterAll(async function () {
  const rehearsal = await kept?.catch(() => null);
  if (rehearsal) rmSync(rehearsal.folder, { recursive: true, force: true });
});
