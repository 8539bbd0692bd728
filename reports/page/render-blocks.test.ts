import { expect, test } from "vitest";

import { markup } from "./html.ts";
import { renderSection } from "./render-blocks.ts";

test("a list in the place of a table keeps the table's meaning and method, and explains its own columns", () => {
  const section = {
    id: "windows",
    title: "Windows",
    blocks: [
      {
        kind: "table",
        id: "windows",
        columns: [{ title: "Cost", meaning: "In the registered measure." }],
        rows: [["5"]],
        meaning: "A window is one attempt.",
        method: "why-abba",
      },
    ],
  } as const;
  const { text } = renderSection(section, {
    draw: () => "",
    methodLink: (anchor) => `method.md#${anchor}`,
    replaced: new Map([
      [
        "windows",
        {
          html: markup`<div id="window-list"></div>`,
          columns: [{ title: "Requests", meaning: "Those of the final attempt." }],
        },
      ],
    ]),
  });
  expect(text).toContain(`<div id="window-list"></div>`);
  expect(text).not.toContain("<table>");
  expect(text).toContain("A window is one attempt.");
  expect(text).toContain(`href="method.md#why-abba"`);
  expect(text).toContain("Those of the final attempt.");
  expect(text).not.toContain("In the registered measure.");
});
