import path from "node:path";

import type { Churn } from "../../../../ledger/domain/window.ts";
import { countNoun, formatCount } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { churnByFeature, type FeatureChurn } from "../../../tracker/windows/churn-by-feature.ts";
import { nameOf } from "../../../tracker/windows/manual-window.ts";
import { measureManualChurn } from "../../../tracker/windows/measure-manual-churn.ts";
import { holdAgainst, readPlanned } from "../../../tracker/windows/planned-churn.ts";
import {
  checkWindowOptions,
  chooseWindow,
  readCount,
} from "../../../tracker/windows/window-options.ts";
import { readTracker, withTracker } from "../../../tracker/windows/with-tracker.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { doneWith, type Result } from "../../result.ts";
import type { churn as definition } from "./definition.ts";

/** Counts what changed between the commits of a manual window, or shows what was counted. */
export const churn: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  if (options.byFeature === true) return await showFeatures(options, environment);
  const said =
    options.scenarios === undefined ? undefined : readCount("--scenarios", options.scenarios);
  const planned = options.plan === undefined ? null : readPlanned(options.plan, environment);
  return await withTracker(options, environment, async (tracker) => {
    const key = chooseWindow(tracker, options);
    const measured = await measureManualChurn({ tracker, environment }, key, {
      repository: path.resolve(environment.cwd, options.repo ?? "."),
      commitStart: options.commitStart,
      commitEnd: options.commitEnd,
      scenarios: said,
    });
    const { churn: counted, scenarios = null, commitStart, commitEnd, isThere } = measured;
    const span = { commit_start: commitStart, commit_end: commitEnd };
    const net = counted.insertions - counted.deletions;
    const normalized = scenarios === null ? null : net / scenarios;
    const sums = { net_lines: net, scenarios, net_lines_per_scenario: normalized };
    const there = isThere ? " The same is there already; nothing was written." : "";
    const held = planned === null ? null : holdAgainst(planned, counted);
    const byScenario = normalized === null ? "" : `, ${sayShare(normalized)} a scenario`;
    return doneWith(
      options,
      { ...key, ...span, is_there: isThere, churn: counted, ...sums, planned: held },
      () =>
        `${nameOf(key)}: ${sayChurn(counted)}, net ${sayNet(net)}${byScenario}.${sayHeld(held)}${there}`,
    );
  });
};

function sayHeld(held: ReturnType<typeof holdAgainst> | null): string {
  if (held === null) return "";
  const { changed_lines_max: planned, changed_lines: changed, over } = held;
  const verdict = over === 0 ? "within the plan" : `${String(over)} more than planned`;
  return ` ${countNoun(changed, "changed line")} of at most ${String(planned)}: ${verdict}.`;
}

function sayChurn({ files_changed: files, insertions, deletions, ...kinds }: Churn): string {
  const { binary_files: binary, renamed_files: renamed } = kinds;
  const some = [
    ...(binary === undefined ? [] : [`${String(binary)} binary`]),
    ...(renamed === undefined ? [] : [`${String(renamed)} renamed`]),
  ];
  const which = some.length === 0 ? "" : ` (${some.join(", ")})`;
  return `${countNoun(files, "file")}${which}, +${String(insertions)} -${String(deletions)} lines`;
}

function sayNet(net: number): string {
  return net > 0 ? `+${String(net)}` : String(net);
}

function sayShare(lines: number): string {
  return sayNet(Math.round(lines * 10) / 10);
}

async function showFeatures(
  options: OptionsOf<typeof definition>,
  environment: Environment,
): Promise<Result> {
  return await readTracker(options, environment, ({ ledger }) => {
    const features = churnByFeature(ledger.view);
    const head = ["FEATURE", "PROVIDER", "NET", "NET/SCENARIO", "SCENARIOS", "+", "-", "FILES"];
    const say = () =>
      features.length === 0
        ? "No window has a churn. Count one: experiment churn --window W0-07"
        : plainTable([head, ...features.map(rowOf)], { columns: columnsOf(environment) });
    return doneWith(options, features, say);
  });
}

function rowOf(one: FeatureChurn): readonly string[] {
  return [
    toPlainLine(one.feature ?? "–"),
    toPlainLine(one.provider),
    sayNet(one.net),
    one.normalized === null ? "–" : sayShare(one.normalized),
    formatCount(one.scenarios),
    formatCount(one.insertions),
    formatCount(one.deletions),
    formatCount(one.files),
  ];
}
