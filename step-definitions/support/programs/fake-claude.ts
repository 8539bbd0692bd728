import { CLAUDE_BEHAVIOURS } from "../claude-behaviours.ts";

/** Stands in for the CLI where a spec needs one that misbehaves in a certain way. */
const [behaviour = "", ...args] = process.argv.slice(2);

if (args.includes("--version")) process.stdout.write("9.9.9 (Claude Code)\n");
else await CLAUDE_BEHAVIOURS[behaviour]?.();
