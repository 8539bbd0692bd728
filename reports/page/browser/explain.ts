import type { MethodAnchor } from "../../document/method.ts";
import { h } from "./dom.ts";

/** What figures mean, folded away, and the heading of the method page that explains them. */
export function explain(
  name: string,
  anchor: MethodAnchor,
  meanings: Readonly<Record<string, string>>,
): readonly HTMLElement[] {
  const rows = Object.entries(meanings).map(([title, meaning]) =>
    h("div", {}, h("dt", {}, title), h("dd", {}, meaning)),
  );
  const link = h(
    "a",
    { href: `method.md#${anchor}`, "aria-label": `Method: how ${name} is computed` },
    "Method",
  );
  const summary = h("summary", {}, `What the figures of ${name} mean`);
  return [
    h("p", { class: "more" }, link),
    h("details", {}, summary, h("dl", { class: "facts" }, ...rows)),
  ];
}
