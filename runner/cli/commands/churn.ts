import path from "node:path";

import type { Environment } from "../../environment.ts";
import { nameOf } from "../../tracker/hand-window.ts";
import { measureHandChurn } from "../../tracker/measure-hand-churn.ts";
import { done, type Result } from "../result.ts";
import { checkWindow, chooseWindow, type WindowOptions } from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

export interface ChurnOptions extends WindowOptions {
  readonly commitStart?: string;
  readonly commitEnd?: string;
  readonly repo?: string;
}

/** Counts what changed between the commits of a window worked by hand. */
export async function churn(options: ChurnOptions, environment: Environment): Promise<Result> {
  checkWindow(options.window);
  return await withTracker(options, environment, async (tracker) => {
    const key = chooseWindow(tracker.ledger.view, options);
    const measured = await measureHandChurn({ tracker, environment }, key, {
      repository: path.resolve(environment.cwd, options.repo ?? "."),
      commitStart: options.commitStart,
      commitEnd: options.commitEnd,
    });
    const { churn: counted, commitStart, commitEnd, isThere } = measured;
    if (options.json === true) {
      const span = { commit_start: commitStart, commit_end: commitEnd };
      return done(JSON.stringify({ ...key, ...span, is_there: isThere, churn: counted }, null, 2));
    }
    const { files_changed: files, insertions, deletions } = counted;
    const there = isThere ? " The same is there already; nothing was written." : "";
    return done(
      `${nameOf(key)}: ${String(files)} ${files === 1 ? "file" : "files"}, +${String(insertions)} -${String(deletions)} lines.${there}`,
    );
  });
}
