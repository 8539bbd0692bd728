import { chmodSync } from "node:fs";
import { PassThrough, Readable } from "node:stream";

import { expect, it } from "vitest";

import { readInput } from "../../../tracker/capture/read-input.ts";
import { readTmux } from "../../../tracker/capture/read-tmux.ts";
import { CommandLab } from "../../test-support/command-lab.ts";

const PANE = "5h limit: 28% left\n";

/** What was read, and what was said on stderr meanwhile. */
async function read(file: string | undefined, { bytes = Buffer.from(PANE), isTTY = false } = {}) {
  const stderr = new PassThrough({ encoding: "utf8" });
  const stdin = Object.assign(Readable.from([bytes]), { isTTY });
  const text = await readInput(file, { cwd: "/", stdin, stderr });
  return { text, said: String(stderr.read() ?? "") };
}

it("Only a person at a terminal is told to paste", async () => {
  const lab = new CommandLab();
  const file = lab.file("pane.txt", PANE.trim());
  expect(await read(undefined)).toEqual({ text: PANE, said: "" });
  expect(await read(file, { isTTY: true })).toEqual({ text: PANE, said: "" });
  const { text, said } = await read(undefined, { isTTY: true });
  expect([text, said]).toEqual([PANE, "Paste the pane, then press Ctrl-D.\n"]);
});

it.each([
  ["utf16le", "\u{FEFF}", false],
  ["utf16le", "\u{FEFF}", true],
] as const)(
  "Text in %s with its mark is read, in either order of bytes",
  async (name, mark, isBig) => {
    const bytes = Buffer.from(mark + PANE, name);
    expect((await read(undefined, { bytes: isBig ? bytes.swap16() : bytes })).text).toBe(PANE);
  },
);

it("Input that is not a pane is refused with its place", async () => {
  const zeros = Buffer.from(PANE, "utf16le");
  await expect(read(undefined, { bytes: zeros })).rejects.toThrow(/^stdin: .*got zero bytes/);
  await expect(read(undefined, { bytes: Buffer.from(" \n") })).rejects.toThrow(
    /^stdin: expected a captured pane, got nothing/,
  );
  await expect(read("missing.txt")).rejects.toThrow(/^\/missing\.txt: .*can be read, got: ENOENT/);
  const most = Buffer.alloc(1_048_576, "x");
  expect((await read(undefined, { bytes: most })).text).toHaveLength(most.length);
  await expect(read(undefined, { bytes: Buffer.alloc(1_048_577, "x") })).rejects.toThrow(
    "of at most 1048576 bytes, got more",
  );
});

it("tmux is asked for the pane with wrapped lines joined", async () => {
  const lab = new CommandLab();
  const place = { cwd: lab.folder, variables: { PATH: `${lab.folder}:/usr/bin:/bin` } };
  const tmux = (...lines: readonly string[]) =>
    chmodSync(lab.file("tmux", "#!/bin/sh", ...lines), 0o755);
  tmux('echo "$*"');
  expect(await readTmux("%3", place)).toBe("capture-pane -p -J -t %3");
  tmux("echo no such pane >&2; echo more >&2; exit 1");
  await expect(readTmux("%3", place)).rejects.toThrow(/^--tmux %3: .*got: no such pane\. List/);
  tmux("true");
  await expect(readTmux("%3", place)).rejects.toThrow("got: an empty pane");
  const nowhere = { cwd: lab.folder, variables: { PATH: "/nowhere" } };
  await expect(readTmux("%3", nowhere)).rejects.toThrow(
    "--tmux: expected tmux in a folder of PATH",
  );
});
