import { expect, test } from "vitest";

import { calibrationJsonSchema } from "./simulate.ts";

test("the published schema is the one that the output keeps", async () => {
  // After a change: vitest run runner/cli/commands --update
  const text = `${JSON.stringify(calibrationJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../../docs/calibration.schema.json");
});
