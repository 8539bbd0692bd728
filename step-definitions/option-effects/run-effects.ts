import { budgetEffects } from "./budget-effects.ts";
import { type EffectTable, NO_STORE } from "./effect.ts";

const PRICED = "--config priced.yaml";
/** It is complete in the folder that agents have worked in. */
const COMPLETE = "--seed 1 --workspace-root work";
/** A third experiment, which no agent has worked at. */
const NEW = "--seed 3 --workspace-root work";
/** Each of its windows has room for one slow answer. */
const SLOW = `${NEW} --config slow.yaml --command-budget /implement=5600`;
const WORKED = { folder: "worked", varies: true } as const;

/** Commands that plan an experiment and work it. */
export const RUN_EFFECTS: EffectTable = {
  plan: {
    folder: "files",
    options: {
      "--seed": "--seed 7",
      "--config": "--config other.yaml",
      "--aa": "--aa",
      "--extend": { ...WORKED, base: "--seed 1 --config extended.yaml", add: "--extend {first}" },
      "--data-dir": {
        ...WORKED,
        base: "--seed 1 --config extended.yaml --extend {first}",
        add: "--data-dir elsewhere",
      },
      "--workspace-root": "--workspace-root work",
      "--json": "--json",
      ...budgetEffects({ base: PRICED, command: "/implement" }),
      "--disable-budget-visuals": "--disable-budget-visuals",
    },
  },
  run: {
    folder: "files",
    options: {
      "--seed": { base: "--dry-run", add: "--seed 7" },
      "--config": { base: "--dry-run", add: "--config other.yaml" },
      "--rehearse": { ...WORKED, base: COMPLETE, add: "--rehearse parse" },
      "--json-events": { ...WORKED, base: COMPLETE, add: "--json-events" },
      "--resume": {
        ...WORKED,
        before: [`run ${NEW} --overall-token-budget 0`],
        base: `${NEW} --overall-token-budget 1000000`,
        add: "--resume",
        isRefused: true,
      },
      "--retry-missing": {
        ...WORKED,
        before: [`run ${NEW} --command-budget /implement=0`],
        base: `${NEW} --command-budget /implement=unlimited`,
        add: "--retry-missing",
      },
      "--aa": { base: "--dry-run", add: "--aa" },
      "--extend": {
        ...WORKED,
        base: "--dry-run --seed 1 --config extended.yaml",
        add: "--extend {first}",
      },
      "--stop-when": { ...WORKED, base: NEW, add: "--stop-when tokens>1" },
      "--data-dir": { ...WORKED, base: COMPLETE, add: "--data-dir elsewhere" },
      "--store": { ...WORKED, base: COMPLETE, add: NO_STORE },
      "--workspace-root": { base: "--dry-run", add: "--workspace-root work" },
      "--json": { ...WORKED, base: COMPLETE, add: "--json" },
      "--dry-run": { ...WORKED, base: COMPLETE, add: "--dry-run" },
      "--list-commands": { base: "--dry-run", add: "--list-commands" },
      "--inspect-command": { base: "--dry-run", add: "--inspect-command /implement" },
      "--record": { ...WORKED, base: NEW, add: "--record kept" },
      "--replay": {
        ...WORKED,
        before: [`run ${NEW} --record kept`],
        base: `${NEW} --data-dir elsewhere --seed 4`,
        add: "--replay kept",
      },
      "--replay-timing": {
        ...WORKED,
        before: [`run ${SLOW} --record kept`],
        base: `${SLOW} --data-dir elsewhere --replay kept`,
        add: "--replay-timing original",
      },
      ...budgetEffects({ base: `--dry-run ${PRICED}`, command: "/implement" }),
      "--disable-budget-visuals": { base: "--dry-run", add: "--disable-budget-visuals" },
    },
  },
};
