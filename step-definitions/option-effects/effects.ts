import { type EffectTable, NO_STORE } from "./effect.ts";
import type { FolderName } from "./folders.ts";
import { LOOK_EFFECTS } from "./look-effects.ts";
import { MANUAL_EFFECTS } from "./manual-effects.ts";
import { PROXY_EFFECTS } from "./proxy-effects.ts";
import { RUN_EFFECTS } from "./run-effects.ts";
import { SCHEDULE_EFFECTS } from "./schedule-effects.ts";
import { TOOL_EFFECTS } from "./tool-effects.ts";

/** Every command, with how each of its options is tried. What has a data folder can have a store. */
export const EFFECTS: EffectTable = Object.fromEntries(
  Object.entries<EffectTable[string]>({
    ...RUN_EFFECTS,
    ...LOOK_EFFECTS,
    ...PROXY_EFFECTS,
    ...MANUAL_EFFECTS,
    ...SCHEDULE_EFFECTS,
    ...TOOL_EFFECTS,
  }).map(([name, { options, ...shared }]) => {
    const stores = "--data-dir" in options ? { "--store": NO_STORE } : {};
    return [name, { ...shared, options: { ...stores, ...options } }];
  }),
);

/** One option, and the two calls that show what it does. */
export interface TriedOption {
  readonly command: string;
  readonly flag: string;
  readonly folder: FolderName;
  readonly before: readonly string[];
  readonly base: string;
  readonly add: string;
  readonly isRefused: boolean;
  readonly varies: boolean;
}

export function triedOptions(): readonly TriedOption[] {
  return Object.entries(EFFECTS).flatMap(([command, { options, ...shared }]) =>
    Object.entries(options).map(([flag, effect]): TriedOption => ({
      command,
      flag,
      folder: "finished",
      before: [],
      base: "",
      isRefused: false,
      ...shared,
      ...(typeof effect === "string" ? { add: effect } : effect),
      varies: shared.varies === true || (typeof effect !== "string" && effect.varies === true),
    })),
  );
}
