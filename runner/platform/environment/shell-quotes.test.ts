import { execa } from "execa";
import { expect, test } from "vitest";

import { quoteForFish, quoteForSh } from "./shell-quotes.ts";

const TEXT = String.raw`/home/o'neil/my "tools"/$HOME/a\b\'*`;

test.for([
  ["bash", quoteForSh],
  ["zsh", quoteForSh],
  ["fish", quoteForFish],
] as const)("%s reads a quoted text as it was", async ([shell, quote], { skip }) => {
  const args = ["-c", `printf %s ${quote(TEXT)}`];
  const { code, stdout } = await execa(shell, args, { reject: false });
  if (code === "ENOENT") skip(`Install ${shell}.`);
  expect(stdout).toBe(TEXT);
});
