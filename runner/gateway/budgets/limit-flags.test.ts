import { expect, test } from "vitest";

import { limitFlag } from "../../../reports/evidence/limit-flag.ts";
import { NAMED_LIMIT_OPTIONS, optionFor, SINGLE_LIMIT_OPTIONS } from "./limit-options.ts";

test.each([...SINGLE_LIMIT_OPTIONS, ...NAMED_LIMIT_OPTIONS])(
  "a report names the option of the limit $scope in $unit",
  ({ scope, unit, flag }) => {
    expect(limitFlag(scope, unit)).toBe(flag);
  },
);

test.each([
  ["/implement", "--command-budget /implement=400"],
  ["/implement a", "--command-budget '/implement a=400'"],
])("the option that limits %j can be pasted into a shell", (name, option) => {
  expect(optionFor({ scope: "command", unit: "tokens", name }, 400)).toBe(option);
});
