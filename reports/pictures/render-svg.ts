import type { TopLevelSpec } from "vega-lite";

import type { PictureBlock } from "../document/document.ts";
import { CONFIG, PICTURE_STYLE } from "./palette.ts";
import { textWidth } from "./text-width.ts";

/** What vega says about itself, and layers without content: they show nothing. */
const IDLE = / (?:aria-hidden|aria-roledescription|role|pointer-events)="[^"]*"/gu;
const EMPTY_PATHS = /<path class="(?:background|foreground)"[^>]*? d="(?:M0,0h0v0h0Z)?"[^>]*\/>/gu;
const HIDDEN_TEXTS = /<text [^>]*opacity="0"[^>]*>[^<]*<\/text>|<text [^>]*\/>/gu;
const FULL_OPACITY = / opacity="1"/gu;
const LONG_DECIMALS = /(\d\.\d{2})\d+/gu;

/**
 * Draws a picture as SVG, without a browser: the same picture gives the same bytes. It fits light and dark
 * screens and paper. null if there is nothing to draw. Vega is loaded when the first picture is drawn.
 */
export async function renderSvg({
  id,
  title,
  alternative,
  specification,
}: PictureBlock): Promise<string | null> {
  if (specification === null) return null;
  const [vega, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  // A specification is built by this folder; the library's type has thousands of members.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const whole = { ...specification, config: CONFIG } as unknown as TopLevelSpec;
  const { spec } = compile(whole, { logger: vega.logger(vega.Error) });
  vega.textMetrics.width = textWidth;
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(spec), { renderer: "none", logLevel: vega.Error });
  try {
    return dress(await view.toSVG(), { id, title, alternative });
  } finally {
    view.finalize();
  }
}

/** Gives the drawing a name and a text alternative, and removes what is invisible. */
function dress(
  drawn: string,
  { id, title, alternative }: Pick<PictureBlock, "id" | "title" | "alternative">,
): string {
  const [, size = "", marks = ""] = /^<svg [^>]*?( width="[^>]*)>(.*)<\/svg>$/su.exec(drawn) ?? [];
  const head = `<svg xmlns="http://www.w3.org/2000/svg" class="picture"${size} role="img" aria-labelledby="${id}-title ${id}-desc">`;
  const names = `<title id="${id}-title">${escapeXml(title)}</title><desc id="${id}-desc">${escapeXml(alternative)}</desc>`;
  return `${head}${names}<style>${PICTURE_STYLE}</style>${thin(marks)}</svg>\n`;
}

/** Tags hold no `>` inside: vega escapes it in attributes and in text. */
function thin(marks: string): string {
  return marks
    .replaceAll(EMPTY_PATHS, "")
    .replaceAll(HIDDEN_TEXTS, "")
    .replaceAll(/<[^>]+>/gu, (tag) =>
      tag.replaceAll(IDLE, "").replaceAll(FULL_OPACITY, "").replaceAll(LONG_DECIMALS, "$1"),
    );
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
