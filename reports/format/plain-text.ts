const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]+/gu;

/**
 * Text of others on one line: names, reasons and kinds come from files and upstreams, and must not
 * move a terminal's cursor, colour it, break a table, or reverse what is read.
 */
export function toPlainLine(text: string): string {
  return text.replaceAll(CONTROLS, " ").trim();
}
