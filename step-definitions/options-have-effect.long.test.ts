import { expect, test } from "vitest";

import { triedOptions } from "./option-effects/effects.ts";
import { tryOption } from "./option-effects/try-option.ts";

test.each(triedOptions())("$command: $flag changes something", async (tried) => {
  const { without, withOption } = await tryOption(tried);
  expect(withOption).not.toEqual(without);
});
