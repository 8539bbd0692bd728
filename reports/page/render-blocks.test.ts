import { expect, test } from "vitest";

import { markup } from "./html.ts";
import { renderSection } from "./render-blocks.ts";

test("a list in the place of a table keeps the table's explanations and its method", () => {
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
    replaced: new Map([["windows", markup`<div id="window-list"></div>`]]),
  });
  expect(text).toContain(`<div id="window-list"></div>`);
  expect(text).not.toContain("<table>");
  expect(text).toContain("A window is one attempt.");
  expect(text).toContain(`href="method.md#why-abba"`);
  expect(text).toContain("In the registered measure.");
});
