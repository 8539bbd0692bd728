import { gunzipSync } from "node:zlib";

import { describe, expect, it } from "vitest";

import { cellClasses } from "./cell-classes.ts";
import { rowAt, toColumns } from "./columns.ts";
import { dataBlock } from "./data-block.ts";
import { markup } from "./html.ts";

const HOSTILE = `</script><img src=x onerror="harm('&')">`;

describe("the page's HTML", () => {
  it("shows foreign text, in attributes too", () => {
    const shown = "&lt;/script&gt;&lt;img src=x onerror=&quot;harm(&#39;&amp;&#39;)&quot;&gt;";
    expect(markup`<p title="${HOSTILE}">${HOSTILE}</p>`.text).toBe(
      `<p title="${shown}">${shown}</p>`,
    );
  });

  it("keeps a number and its percent sign together", () => {
    expect(markup`${"97.5 % of 100 %"}`.text).toBe("97.5\u00A0% of 100\u00A0%");
  });

  it("gives sentences in tables room", () => {
    const sentence = "A sentence of many words takes more room than a name.";
    expect(cellClasses(sentence, { isNumber: true })).toBe("number long");
    expect(cellClasses("a".repeat(64), undefined)).toBe("");
    expect(cellClasses("room-bookings", undefined)).toBe("short");
  });
});

describe("data in the page", () => {
  it("end no script, whatever they say", () => {
    const { text } = dataBlock("small", { hostile: HOSTILE });
    expect(text.match(/<\/script>/gu)).toHaveLength(1);
    const json = /<script[^>]*>(?<json>.*)<\/script>/su.exec(text)?.groups?.["json"] ?? "";
    expect(JSON.parse(json)).toEqual({ hostile: HOSTILE });
  });

  it("are packed if there are many", () => {
    const many = Array.from({ length: 5000 }, () => HOSTILE);
    const { text } = dataBlock("large", many);
    const packed = /<script[^>]*>(?<packed>.*)<\/script>/su.exec(text)?.groups?.["packed"] ?? "";
    expect(JSON.parse(gunzipSync(Buffer.from(packed.trim(), "base64")).toString())).toEqual(many);
  });

  it("are rows again after they were columns", () => {
    const rows = [
      { window: "W0-01", cost: 5 },
      { window: "W0-02", cost: null },
    ];
    const columns = toColumns(rows, ["window", "cost"]);
    expect(columns).toEqual({ window: ["W0-01", "W0-02"], cost: [5, null] });
    expect(rows.map((_, place) => rowAt(columns, place))).toEqual(rows);
  });
});
