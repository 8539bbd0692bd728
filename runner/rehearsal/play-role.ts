import {
  checkOf,
  composeHandoff,
  composePages,
  type RolePart,
  sharedPaths,
  workPaths,
} from "./compose-handoff.ts";
import { drawRound } from "./draw-conversation.ts";
import { planTurns, planWork, type ScriptedTurn, type Toolbox, turn } from "./plan-turns.ts";
import { chooseVariant } from "./task-script.ts";

/** What a conversation does from its first answer to its last one. */
export interface Play {
  readonly turns: readonly ScriptedTurn[];
  /** The solution that it writes; null for a role that writes none. */
  readonly variant: string | null;
  readonly lastWords: string;
}

export type RoleScene = Omit<RolePart, "variant">;

/** The turns of a role: its work, and then its handoff. After a refusal only the handoff is left to do. */
export function playRole({ prompt, id, profile, script }: RoleScene, toolbox: Toolbox): Play {
  const { role, path, isRefused, kind } = prompt;
  const draw = drawRound({ ...id, turn: prompt }, profile, script);
  const variant = chooseVariant(script.variants, draw.fails);
  const part = { prompt, id, profile, script, variant };
  const manner = { extraTurns: draw.extraTurns, subagents: profile.subagents === true };
  const turns = [
    ...(isRefused ? [] : workTurns(part, toolbox, manner)),
    turn("There may be a handoff already.", [toolbox.read(path)]),
    turn("I will hand over.", [toolbox.write(path, composeHandoff(part))]),
  ];
  return {
    turns: turns.filter(({ calls }) => calls.length > 0),
    variant: kind === "implementation" ? variant.name : null,
    lastWords: `The ${role} of "${script.title}" has handed over.`,
  };
}

function workTurns(
  part: RolePart,
  toolbox: Toolbox,
  manner: Parameters<typeof planWork>[2],
): readonly ScriptedTurn[] {
  const { prompt, profile, script, variant } = part;
  const reads = workPaths(script);
  switch (prompt.kind) {
    case "implementation":
      return planTurns(variant, toolbox, manner);
    case "documentation": {
      const pages = composePages(script);
      const paths = Object.keys(pages);
      const work = {
        reads: [...reads, ...paths],
        writes: pages,
        removes: [],
        check: checkOf(paths),
      };
      return planWork(work, toolbox, manner);
    }
    case "plan":
    case "review": {
      const touched = reads[0] ?? "README.md";
      const writes =
        profile.breaks_bounds === true ? { [touched]: `Changed by the ${prompt.role}.\n` } : {};
      const check = checkOf(prompt.kind === "plan" ? [] : sharedPaths(script));
      return planWork({ reads, writes, removes: [], check }, toolbox, manner);
    }
  }
}
