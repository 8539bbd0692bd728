import { expect, test } from "vitest";

import { limitFlag } from "../../../reports/evidence/limit-flag.ts";
import { NAMED_LIMIT_OPTIONS, SINGLE_LIMIT_OPTIONS } from "./limit-options.ts";

test.each([...SINGLE_LIMIT_OPTIONS, ...NAMED_LIMIT_OPTIONS])(
  "a report names the option of the limit $scope in $unit",
  ({ scope, unit, flag }) => {
    expect(limitFlag(scope, unit)).toBe(flag);
  },
);
