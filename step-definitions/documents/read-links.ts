import { readMarkdown } from "./read-markdown.ts";

export interface Link {
  readonly line: number;
  readonly target: string;
}

/** The targets of a page's links that stay in this repository. */
export function localLinks(page: string): Link[] {
  return readMarkdown(page)
    .filter(({ kind }) => kind !== "code")
    .flatMap(({ line, text }) =>
      [...text.replaceAll(/`[^`]+`/g, "").matchAll(/\]\((?<target>[^)\s]+)\)/g)].map((match) => ({
        line,
        target: match.groups?.["target"] ?? "",
      })),
    )
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf(page: string): ReadonlySet<string> {
  return new Set(
    readMarkdown(page)
      .filter(({ kind }) => kind === "heading")
      .map(({ text }) =>
        text
          .toLowerCase()
          .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
          .replaceAll(/\s/g, "-"),
      ),
  );
}
