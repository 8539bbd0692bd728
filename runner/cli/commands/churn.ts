import path from "node:path";

import { nameOf } from "../../tracker/manual-window.ts";
import { measureManualChurn } from "../../tracker/measure-manual-churn.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { churn as definition } from "../definitions/manual-commands.ts";
import { done, jsonOr } from "../result.ts";
import { chooseWindow, checkWindowOptions } from "../window-options.ts";
import { withTracker } from "../with-tracker.ts";

/** Counts what changed between the commits of a manual window. */
export const churn: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  return await withTracker(options, environment, async (tracker) => {
    const key = chooseWindow(tracker, options);
    const measured = await measureManualChurn({ tracker, environment }, key, {
      repository: path.resolve(environment.cwd, options.repo ?? "."),
      commitStart: options.commitStart,
      commitEnd: options.commitEnd,
    });
    const { churn: counted, commitStart, commitEnd, isThere } = measured;
    const span = { commit_start: commitStart, commit_end: commitEnd };
    const { files_changed: files, insertions, deletions } = counted;
    const there = isThere ? " The same is there already; nothing was written." : "";
    return done(
      jsonOr(
        options,
        { ...key, ...span, is_there: isThere, churn: counted },
        () =>
          `${nameOf(key)}: ${String(files)} ${files === 1 ? "file" : "files"}, +${String(insertions)} -${String(deletions)} lines.${there}`,
      ),
    );
  });
};
