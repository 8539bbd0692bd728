import { overrideReading } from "../../../tracker/windows/override-reading.ts";
import { readMeters } from "../../../tracker/windows/typed-meters.ts";
import { checkWindowOptions, chooseWindow } from "../../../tracker/windows/window-options.ts";
import { withTracker } from "../../../tracker/windows/with-tracker.ts";
import type { CodeOf } from "../../definition.ts";
import { showReadings } from "../../manual/show-reading.ts";
import type { override as definition } from "./definition.ts";

/** Records meters as an operator typed them. */
export const override: CodeOf<typeof definition> = async (options, environment) => {
  checkWindowOptions(options);
  const meters = readMeters(options, environment.clock.nowMs());
  return await withTracker(options, environment, async (tracker) => {
    const key = chooseWindow(tracker, options);
    const place = {
      key,
      phase: options.phase,
      isLate: options.late === true,
      remark: options.notes,
    };
    const reading = await overrideReading(tracker, place, meters);
    return showReadings([reading], options);
  });
};
