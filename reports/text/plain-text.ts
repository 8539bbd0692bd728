const BLANKS = /[\t\n\v\f\r\u0085\p{Zl}\p{Zp}]+/gu;
/** Colours and weights, as our own styles write them. */
const STYLES = String.raw`\u001B\[[\d;]*m`;
/** Characters that move a cursor, colour, set a title or reverse text; line ends and tabs are allowed. */
const CONTROLS = String.raw`\r(?!\n)|[[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]--[\n\r\t]]`;
const CONTROL = new RegExp(CONTROLS, "gv");
const STYLE_OR_CONTROL = new RegExp(`(${STYLES})|${CONTROLS}`, "gv");

/** Foreign text for a terminal: lines stay, and control characters are shown as JSON writes them. */
export function showControls(text: string): string {
  return text.replaceAll(CONTROL, escaped);
}

/** Foreign text that we have styled: styles pass. */
export function showControlsBesideStyles(text: string): string {
  return text.replaceAll(STYLE_OR_CONTROL, (found, style) => style ?? escaped(found));
}

/**
 * Foreign text on one line. Names, reasons and kinds come from files and upstreams; they must not move
 * a terminal's cursor, colour it, break a table, or reverse text.
 */
export function toPlainLine(text: string): string {
  return showControls(text.replaceAll(BLANKS, " ")).trim();
}

function escaped(control: string): string {
  return String.raw`\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
