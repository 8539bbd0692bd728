/** HTML that is safe to show: everything foreign in it has been escaped. */
export class Html {
  readonly text: string;

  /** @param text - HTML of our own. Foreign text goes through the tag `markup`. */
  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | null | readonly Part[];

/** HTML with its values escaped, for text and for attributes in double quotes. null leaves nothing. */
export function markup(texts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(
    texts.reduce((all, text, index) => `${all}${partOf(values[index - 1] ?? null)}${text}`),
  );
}

function partOf(part: Part): string {
  if (part === null) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "string" || typeof part === "number") return escapeHtml(String(part));
  return part.map(partOf).join("");
}

const ESCAPED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** A number and its percent sign stay on one line. */
const NO_BREAK = "\u00A0";

function escapeHtml(text: string): string {
  return text
    .replaceAll(/[&<>"']/gu, (character) => ESCAPED[character] ?? "")
    .replaceAll(/(?<=\d) (?=%)/gu, NO_BREAK);
}
