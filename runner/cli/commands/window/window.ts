import { endWindow, startWindow } from "../../../tracker/windows/current-window.ts";
import type { Tracker } from "../../../tracker/windows/tracker.ts";
import { checkWindow } from "../../../tracker/windows/window-options.ts";
import { withTracker } from "../../../tracker/windows/with-tracker.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { windowEnd as endDefinition, windowStart as startDefinition } from "./definition.ts";

/** Makes a window the agent's current one. */
export const windowStart: CodeOf<typeof startDefinition> = async (options, environment) => {
  const window = checkWindow(options.window, "<window>");
  return await withTracker(options, environment, (tracker) => {
    const { started_at } = startWindow(tracker, window);
    const { agent } = tracker;
    const say = () => sayCurrent(tracker, window);
    return doneWith(options, { agent, window, started_at }, say);
  });
};

export function sayCurrent({ agent }: Tracker, window: string): string {
  return `${agent}: ${window} is the current window.`;
}

/** Ends the agent's current window. */
export const windowEnd: CodeOf<typeof endDefinition> = async (options, environment) => {
  const [named] = options.window;
  if (named !== undefined) checkWindow(named, "<window>");
  return await withTracker(options, environment, (tracker) => {
    const { window, started_at } = endWindow(tracker, named);
    const { agent } = tracker;
    const say = () => `${agent}: ${window} has ended. Its readings and rows stay.`;
    return doneWith(options, { agent, window, started_at }, say);
  });
};
