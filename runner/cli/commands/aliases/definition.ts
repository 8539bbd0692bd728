import type { CommandDefinition } from "../../definition.ts";
import { SHELLS } from "../completion/shell-scripts.ts";

export const aliases = {
  name: "aliases",
  about:
    "Print short commands for your shell. They start (s), end (e), cross (x) and delete (d) readings of codex (os, oe, ox, od), claude (as, …) and glm (zs, …).",
  options: [["--shell <shell>", "the shell", { choices: SHELLS, isRequired: true }]],
  examples: [
    ["aliases --shell bash > aliases.sh", "then write into ~/.bashrc: source …/aliases.sh"],
    ["aliases --shell fish > aliases.fish", "into ~/.config/fish/conf.d"],
  ],
} as const satisfies CommandDefinition;
