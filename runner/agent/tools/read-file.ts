import { constants, open } from "node:fs/promises";

import { z } from "zod";

import { confinePath } from "./confine-path.ts";
import { defineTool, ToolRefusal } from "./tool.ts";

const BYTES_MAX = 256 * 1024;

export const readFile = defineTool({
  name: "read_file",
  description: `Read a text file of the working directory, at most ${BYTES_MAX / 1024} KiB.`,
  input: z.strictObject({
    path: z.string().min(1).describe("The file, relative to the working directory."),
  }),
  run: async ({ path }, { folder }) => {
    const bytes = await readBounded(await confinePath(folder, path), path);
    if (bytes.includes(0)) throw new ToolRefusal(`"${path}" is not a text file.`);
    return bytes.toString("utf8");
  },
});

async function readBounded(absolutePath: string, path: string): Promise<Buffer> {
  // Non-blocking, because opening a named pipe would wait for a writer.
  await using file = await open(absolutePath, constants.O_RDONLY | constants.O_NONBLOCK);
  const status = await file.stat();
  if (!status.isFile()) throw new ToolRefusal(`"${path}" is not a file.`);
  if (status.size > BYTES_MAX) {
    throw new ToolRefusal(
      `"${path}" has ${status.size} bytes; at most ${BYTES_MAX} can be read. Use run_command to see a part of it.`,
    );
  }
  return file.readFile();
}
