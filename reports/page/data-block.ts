import { gzipSync } from "node:zlib";

import { Html, markup } from "./html.ts";

/** Smaller data stay readable for people. */
const PACKED_FROM_CHARACTERS = 10_000;
const LEVEL = 6;

/** Data for the page's script, in an element that no browser runs. */
export function dataBlock(id: string, data: unknown): Html {
  const json = JSON.stringify(data);
  if (json.length < PACKED_FROM_CHARACTERS) {
    const safe = new Html(json.replaceAll("<", String.raw`\u003c`));
    return markup`<script type="application/json" id="${id}">
      ${safe}
    </script>`;
  }
  const packed = new Html(gzipSync(json, { level: LEVEL }).toString("base64"));
  return markup`<script type="application/gzip+json;base64" id="${id}">
    ${packed}
  </script>`;
}
