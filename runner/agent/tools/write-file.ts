import { lstat, mkdir, writeFile as writeBytes } from "node:fs/promises";
import { dirname } from "node:path";

import { z } from "zod";

import { confinePath } from "./confine-path.ts";
import { defineTool, ToolRefusal } from "./tool.ts";

const CHARACTERS_MAX = 1024 * 1024;

export const writeFile = defineTool({
  name: "write_file",
  description:
    "Write a text file of the working directory: creates it with its folders, or replaces all of it.",
  input: z.strictObject({
    path: z.string().min(1).describe("The file, relative to the working directory."),
    content: z.string().max(CHARACTERS_MAX).describe("The whole new content of the file."),
  }),
  run: async ({ path, content }, { folder }) => {
    const target = await confinePath(folder, path);
    await refuseUnlessFile(target, path);
    await mkdir(dirname(target), { recursive: true });
    await writeBytes(target, content);
    return `Wrote ${Buffer.byteLength(content)} bytes to ${path}.`;
  },
});

/** Only a file may be replaced, because opening a pipe or a device could wait for ever. */
async function refuseUnlessFile(target: string, path: string): Promise<void> {
  const status = await lstat(target).catch(() => undefined);
  if (status && !status.isFile() && !status.isSymbolicLink()) {
    throw new ToolRefusal(`"${path}" already exists and is not a file.`);
  }
}
