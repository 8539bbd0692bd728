import {
  constants,
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  writeFile as writeBytes,
} from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";

import { z } from "zod";

import { ToolRefusal, defineTool } from "./tool.ts";

const ENTRIES_MAX = 500;
const DEPTH_MAX = 12;
const SKIPPED = new Set([".git", "node_modules"]);

/** Lists a folder with everything below it, without following links. */
export const listFiles = defineTool({
  name: "list_files",
  description: `List the files below a folder of the working directory, at most ${ENTRIES_MAX}. Folders end in a slash. The contents of .git and node_modules are left out.`,
  input: z.strictObject({
    path: z.string().default(".").describe("The folder, relative to the working directory."),
  }),
  run: async ({ path }, { folder }) => {
    const found: string[] = [];
    const isWhole = await collect(await confinePath(folder, path), "", found);
    if (found.length === 0) return "(empty)";
    return [...found, ...(isWhole ? [] : [`… more than ${ENTRIES_MAX} entries or too deep`])].join(
      "\n",
    );
  },
});

/** Adds the entries below a folder; false if the limits left some out. */
async function collect(root: string, below: string, found: string[]): Promise<boolean> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  let isWhole = true;
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (found.length >= ENTRIES_MAX) return false;
    const name = below === "" ? entry.name : `${below}/${entry.name}`;
    found.push(entry.isDirectory() ? `${name}/` : name);
    if (!entry.isDirectory() || SKIPPED.has(entry.name)) continue;
    const isShallow = name.split("/").length < DEPTH_MAX;
    isWhole = isShallow && (await collect(root, name, found)) && isWhole;
  }
  return isWhole;
}

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

/** The absolute form of `path`. Refuses a path that is, or leads, outside the folder. */
async function confinePath(folder: string, path: string): Promise<string> {
  if (path.includes("\0")) throw new ToolRefusal("A path cannot contain a NUL character.");
  const target = resolve(folder, path);
  if (!isInside(folder, target) || !isInside(folder, await followLinks(target))) {
    throw new ToolRefusal(`"${path}" is outside the working directory. Use a path inside it.`);
  }
  return target;
}

/** The path without symbolic links; for a path that does not exist yet, its nearest folder. */
async function followLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((await lstat(path).catch(() => undefined))?.isSymbolicLink() === true) {
      throw new ToolRefusal(`"${path}" is a symbolic link that leads nowhere.`, { cause: error });
    }
    const parent = dirname(path);
    return parent === path ? path : followLinks(parent);
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== ".." && !way.startsWith("../") && !isAbsolute(way);
}
