import { expect, test } from "vitest";

import { PALETTE, PICTURE_STYLE } from "./palette.ts";

const TEXT_MIN = 4.5;
const MARK_MIN = 3;

/** WCAG 2.2: the relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(colour.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test("black on white has the contrast that the standard names", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
});

test.each(["ink", "quiet"] as const)("text in %s is readable on both papers", (name) => {
  for (const mode of ["light", "dark"] as const) {
    expect(contrast(PALETTE[name][mode], PALETTE.paper[mode])).toBeGreaterThanOrEqual(TEXT_MIN);
  }
});

test.each(["blue", "vermilion", "green", "purple", "ink", "quiet"] as const)(
  "marks in %s stand out on both papers",
  (name) => {
    for (const mode of ["light", "dark"] as const) {
      expect(contrast(PALETTE[name][mode], PALETTE.paper[mode])).toBeGreaterThanOrEqual(MARK_MIN);
    }
  },
);

test("a dark screen replaces every colour, and paper none", () => {
  for (const { light, dark } of Object.values(PALETTE)) {
    expect(PICTURE_STYLE).toContain(`[fill="${light}"]{fill:${dark}}`);
    expect(PICTURE_STYLE).toContain(`[stroke="${light}"]{stroke:${dark}}`);
  }
  expect(PICTURE_STYLE).toMatch(/^@media screen and \(prefers-color-scheme:dark\)\{/u);
  expect(PICTURE_STYLE.match(/@media/gu)).toHaveLength(1);
});
