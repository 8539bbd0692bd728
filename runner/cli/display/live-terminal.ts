import { styleText } from "node:util";

import type { Style } from "../../../reports/text/budget-bar.ts";
import type { Environment, Output } from "../../platform/environment/environment.ts";

/** Whether people watch stderr, so that lines there may be redrawn. In CI it is kept as a log. */
export function isLiveTerminal({ stderr, variables }: Environment): boolean {
  return stderr.isTTY === true && (variables["CI"] ?? "") === "";
}

/** Colours on a terminal, unless `NO_COLOR` is set. */
export function styleFor(output: Output, { variables }: Environment): Style | undefined {
  const refuses = (variables["NO_COLOR"] ?? "") !== "";
  if (output.isTTY !== true || refuses) return undefined;
  return (colour, text) => styleText(colour, text, { validateStream: false });
}
