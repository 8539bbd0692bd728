import { describe, expect, it } from "vitest";

import { reportJsonSchema } from "./report-data.ts";

describe("the published schema", () => {
  it("is the one that reports are checked against", async () => {
    expect(reportJsonSchema()).toMatchObject({ type: "object", additionalProperties: false });
    const schema = `${JSON.stringify(reportJsonSchema(), null, 2)}\n`;
    // After a change: vitest run reports/report --update
    await expect(schema).toMatchFileSnapshot("../../docs/report.schema.json");
  });
});
