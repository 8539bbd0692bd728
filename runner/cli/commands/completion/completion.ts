import { existsSync } from "node:fs";

import { listExperiments } from "../../../../ledger/views/list-experiments.ts";
import { chooseTasks } from "../../../plan/config/choose-tasks.ts";
import { locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { readLedger } from "../../../platform/environment/use-ledger.ts";
import type { CodeOf } from "../../definition.ts";
import { done } from "../../result.ts";
import { type Candidate, completeWords } from "./complete-words.ts";
import type { completion as definition } from "./definition.ts";
import { SHELL_SCRIPTS } from "./shell-scripts.ts";

/** Prints the script of a shell or, as that script asks, the words that fit. */
export const completion: CodeOf<typeof definition> = async (
  { shell, words },
  environment,
  { groups },
) => {
  if (words.length === 0) return { ...done(SHELL_SCRIPTS[shell]), isExact: true };
  const commands = groups.flatMap((group) => group.commands);
  const found = await completeWords(words, commands, {
    experiments: () => orNone(() => experimentsIn(environment)),
    tasks: (bank) => orNone(() => tasksIn(bank, environment)),
  });
  const say = ({ word, about }: Candidate) => (shell === "bash" ? word : `${word}\t${about}`);
  return { ...done(found.map(say).join("\n")), isExact: true };
};

/** At the Tab key nobody reads an error: where there is one, nothing fits. */
async function orNone(
  list: () => readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  try {
    return await list();
  } catch {
    return [];
  }
}

async function experimentsIn(environment: Environment): Promise<readonly string[]> {
  const folder = locateDataFolder(undefined, environment);
  if (!existsSync(folder.ledger)) return [];
  return await readLedger(folder, environment, (store) =>
    listExperiments(store.read("experiments")).map(({ experimentId }) => experimentId),
  );
}

function tasksIn(bank: string | undefined, environment: Environment): readonly string[] {
  return chooseTasks({ bank }, environment).map(({ id }) => id);
}
