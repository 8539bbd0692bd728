import { appendFile } from "node:fs/promises";
import { join } from "node:path";

/** The later setting holds: the repository gets a work tree, and its user can commit. */
const CONFIG = `[core]
	bare = false
[user]
	name = Agent
	email = agent@localhost
`;

/** Makes a bare repository one that an agent can work with, without a configuration in its home. */
export async function openToAgent(gitDir: string): Promise<void> {
  await appendFile(join(gitDir, "config"), CONFIG);
}
