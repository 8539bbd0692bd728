/**
 * Colours after Okabe and Ito, for people who confuse red and green: one for light paper, one for dark.
 * Marks also differ by shape or dash, so no picture depends on colour alone.
 */
export const PALETTE = {
  paper: { light: "#ffffff", dark: "#0d1117" },
  ink: { light: "#1f2328", dark: "#e6edf3" },
  quiet: { light: "#57606a", dark: "#9da7b1" },
  grid: { light: "#e1e4e8", dark: "#2d333b" },
  blue: { light: "#0072b2", dark: "#56b4e9" },
  vermilion: { light: "#d55e00", dark: "#e69f00" },
  green: { light: "#008060", dark: "#2bb58a" },
  purple: { light: "#a2478a", dark: "#cc79a7" },
} as const;

/** What a specification names: the colours on light paper. */
export const { ink, quiet, blue, vermilion } = lightColours();
const { paper, grid, green, purple } = lightColours();

function lightColours() {
  const { paper: p, ink: i, quiet: q, grid: g, ...marks } = PALETTE;
  return {
    paper: p.light,
    ink: i.light,
    quiet: q.light,
    grid: g.light,
    blue: marks.blue.light,
    vermilion: marks.vermilion.light,
    green: marks.green.light,
    purple: marks.purple.light,
  };
}

/** Series in the order in which they are drawn. */
export const SERIES = {
  colours: [blue, vermilion, green, purple, ink, quiet],
  shapes: ["circle", "triangle-up", "square", "diamond", "cross", "triangle-down"],
  dashes: [
    [1, 0],
    [6, 3],
    [2, 2],
    [8, 2, 2, 2],
    [4, 4],
    [1, 3],
  ],
} as const;

/**
 * The rules of every picture, the same in all of them. On a dark screen each colour is replaced by its
 * partner; on paper the light ones stay.
 */
export const PICTURE_STYLE = `@media screen and (prefers-color-scheme:dark){${Object.values(PALETTE)
  .flatMap(({ light, dark }) => [
    `.picture [fill="${light}"]{fill:${dark}}`,
    `.picture [stroke="${light}"]{stroke:${dark}}`,
  ])
  .join("")}}`;

/** How every picture writes its text, axes and legends. */
export const CONFIG = {
  aria: false,
  background: paper,
  font: "system-ui, sans-serif",
  padding: 12,
  view: { stroke: null },
  axis: {
    domainColor: quiet,
    tickColor: quiet,
    gridColor: grid,
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    titleFontWeight: "normal",
    labelOverlap: true,
    labelLimit: 160,
    titleLimit: 0,
  },
  legend: {
    labelColor: ink,
    titleColor: ink,
    labelFontSize: 12,
    titleFontSize: 12,
    symbolSize: 80,
    symbolStrokeWidth: 2,
    labelLimit: 0,
    orient: "bottom",
    direction: "vertical",
    title: null,
  },
  title: {
    anchor: "start",
    color: ink,
    subtitleColor: quiet,
    fontSize: 13,
    fontWeight: "bold",
    subtitleFontSize: 12,
    limit: 0,
    frame: "group",
  },
  text: { color: ink, fontSize: 12 },
  point: { filled: true, size: 50, opacity: 1 },
} as const;
