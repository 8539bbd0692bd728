import { cpSync } from "node:fs";
import path from "node:path";

import { type CommandEnd, startCommand } from "./command-run.ts";
import { keepOnce } from "./keep-once.ts";
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

/** Puts a rehearsal's data folder into the scenario's folder, and hands back how the run ended. */
export async function useRehearsal(world: ExperimentWorld): Promise<CommandEnd> {
  const { folder, said } = await keepOnce("rehearsal", (place) => rehearse(place, world));
  cpSync(path.join(folder, ".experiment"), world.file(".experiment"), { recursive: true });
  keepLedger(world);
  return { ...said, stdout: said.stdout.replaceAll(folder, world.folder) };
}

async function rehearse(cwd: string, { variables }: ExperimentWorld): Promise<CommandEnd> {
  const args = ["run", "--seed", "42", "--workspace-root", path.join(cwd, "work")];
  const place = { cwd, variables: { ...variables, ...NO_NETWORK, HOME: cwd } };
  return await startCommand(args, place).ended;
}
