import { cellClasses } from "../cell-classes.ts";
import { h } from "./dom.ts";

export interface ShownCell {
  readonly text: string;
  readonly sort?: string | number | null | undefined;
  /** The address that the cell leads to. */
  readonly href?: string | undefined;
}

export interface TableColumn {
  readonly title: string;
  readonly isNumber?: boolean | undefined;
}

/** Rows that are made when they are shown: a table may have many. */
export interface TableRows {
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly count: number;
  readonly cell: (row: number, column: number) => ShownCell;
  readonly choices?: readonly Choice[];
  /** A table that one sees as a whole needs no search. */
  readonly hasSearch?: boolean;
}

/** A filter that offers values. */
export interface Choice {
  readonly label: string;
  readonly values: readonly string[];
  /** The values that a row goes by. */
  readonly of: (row: number) => readonly string[];
}

interface TableState {
  query: string;
  chosen: Map<string, string>;
  sortBy: number | null;
  isDescending: boolean;
  page: number;
}

/** `localeCompare` would make a collator for each pair of texts. */
export const { compare: compareTexts } = new Intl.Collator("en", { numeric: true });

const ROWS_A_PAGE = 50;
const ALL = "";

/** A table that sorts, filters and turns pages. New rows keep what was chosen. */
export class TableView {
  readonly #root: HTMLElement;
  #rows: TableRows;
  #texts: (string | undefined)[] = [];
  readonly #state: TableState = {
    query: "",
    chosen: new Map(),
    sortBy: null,
    isDescending: false,
    page: 0,
  };
  readonly #controls = h("div", { class: "controls", role: "search" });
  readonly #status = h("p", { role: "status", class: "count" });
  readonly #table = h("table");
  readonly #pager = h("div", { class: "pager" });

  constructor(root: HTMLElement, rows: TableRows) {
    this.#root = root;
    this.#rows = rows;
    const scroll = h(
      "div",
      { class: "scroll", role: "region", "aria-label": rows.caption, tabindex: "0" },
      this.#table,
    );
    const { hasSearch = true } = rows;
    const found = hasSearch ? [this.#controls, this.#status] : [];
    this.#root.replaceChildren(...found, scroll, this.#pager);
    this.#fillControls();
    this.#show();
  }

  /** Shows other rows under the same filters. */
  update(rows: TableRows): void {
    const isSame = JSON.stringify(choicesIn(rows)) === JSON.stringify(choicesIn(this.#rows));
    this.#rows = rows;
    this.#texts = [];
    if (!isSame) this.#fillControls();
    this.#show();
  }

  #fillControls(): void {
    const { caption, choices = [] } = this.#rows;
    const search = h("input", {
      type: "search",
      "aria-label": `Search in: ${caption}`,
      placeholder: "Search",
      value: this.#state.query,
    });
    search.addEventListener("input", () => {
      this.#state.query = search.value;
      this.#restart();
    });
    this.#controls.replaceChildren(search, ...choices.map((choice) => this.#select(choice)));
  }

  #select({ label, values }: Choice): HTMLElement {
    const option = (value: string) => h("option", { value }, value === ALL ? "all" : value);
    const chosen = this.#state.chosen.get(label) ?? ALL;
    const select = h("select", {}, option(chosen));
    // Thousands of tasks would delay the page, so that they come when the reader turns to the list.
    const fill = () => {
      const { value, length } = select;
      if (length > 1) return;
      select.replaceChildren(...[ALL, ...values].map(option));
      select.value = value;
    };
    select.addEventListener("pointerdown", fill);
    select.addEventListener("focus", fill);
    select.addEventListener("change", () => {
      this.#state.chosen.set(label, select.value);
      this.#restart();
    });
    return h("label", {}, `${label} `, select);
  }

  #restart(): void {
    this.#state.page = 0;
    this.#show();
  }

  #show(): void {
    const found = this.#find();
    const pages = Math.max(1, Math.ceil(found.length / ROWS_A_PAGE));
    this.#state.page = Math.min(this.#state.page, pages - 1);
    const first = this.#state.page * ROWS_A_PAGE;
    const shown = found.slice(first, first + ROWS_A_PAGE);
    this.#status.textContent =
      found.length === this.#rows.count
        ? `${String(found.length)} rows`
        : `${String(found.length)} of ${String(this.#rows.count)} rows`;
    this.#table.replaceChildren(
      h("caption", {}, this.#rows.caption),
      h("thead", {}, h("tr", {}, ...this.#rows.columns.map((_, index) => this.#head(index)))),
      h("tbody", {}, ...shown.map((row) => this.#row(row))),
    );
    this.#showPager(pages);
  }

  /** The rows that pass every filter, in order. */
  #find(): readonly number[] {
    const { query, chosen, sortBy, isDescending } = this.#state;
    const words = query
      .toLowerCase()
      .split(/\s+/u)
      .filter((word) => word !== "");
    const choices = (this.#rows.choices ?? []).filter(
      ({ label }) => (chosen.get(label) ?? ALL) !== ALL,
    );
    const found: number[] = [];
    for (let row = 0; row < this.#rows.count; row += 1) {
      const isChosen = choices.every(({ label, of }) => of(row).includes(chosen.get(label) ?? ALL));
      if (isChosen && words.every((word) => this.#textOf(row).includes(word))) found.push(row);
    }
    return sortBy === null ? found : this.#sort(found, sortBy, isDescending);
  }

  #textOf(row: number): string {
    const known = this.#texts[row];
    if (known !== undefined) return known;
    const cells = this.#rows.columns.map((_, column) => this.#rows.cell(row, column).text);
    const text = cells.join("\n").toLowerCase();
    this.#texts[row] = text;
    return text;
  }

  #sort(found: readonly number[], column: number, isDescending: boolean): readonly number[] {
    const keys = new Map(found.map((row) => [row, keyOf(this.#rows.cell(row, column))]));
    const sorted = found.toSorted((one, other) =>
      compare(keys.get(one) ?? null, keys.get(other) ?? null, isDescending),
    );
    return sorted;
  }

  #head(index: number): HTMLElement {
    const { title, isNumber } = this.#rows.columns[index] ?? { title: "" };
    const { sortBy, isDescending } = this.#state;
    const isSorted = sortBy === index;
    const button = h("button", { type: "button" }, title);
    button.addEventListener("click", () => {
      this.#state.isDescending = isSorted && !isDescending;
      this.#state.sortBy = index;
      this.#restart();
      this.#table.querySelectorAll<HTMLElement>("th button")[index]?.focus();
    });
    const order = isDescending ? "descending" : "ascending";
    return h(
      "th",
      {
        scope: "col",
        class: isNumber === true ? "number" : undefined,
        "aria-sort": isSorted ? order : undefined,
      },
      button,
    );
  }

  #row(row: number): HTMLElement {
    const cells = this.#rows.columns.map(({ isNumber }, column) => {
      const { text, href } = this.#rows.cell(row, column);
      const shown = href === undefined ? text : h("a", { href }, text);
      const classes = cellClasses(text, { isNumber });
      return h("td", { class: classes === "" ? undefined : classes }, shown);
    });
    return h("tr", {}, ...cells);
  }

  #showPager(pages: number): void {
    if (pages === 1) {
      this.#pager.replaceChildren();
      return;
    }
    const { page } = this.#state;
    const turn = (name: string, to: number) => {
      const button = h("button", { type: "button", disabled: to < 0 || to >= pages }, name);
      button.addEventListener("click", () => {
        this.#state.page = to;
        this.#show();
        const same = [...this.#pager.querySelectorAll("button")].find(
          ({ textContent }) => textContent === name,
        );
        same?.focus();
      });
      return button;
    };
    this.#pager.replaceChildren(
      turn("Previous", page - 1),
      h("span", {}, `Page ${String(page + 1)} of ${String(pages)}`),
      turn("Next", page + 1),
    );
  }
}

function choicesIn({ choices = [] }: TableRows) {
  return choices.map(({ label, values }) => [label, values]);
}

type Key = string | number | null;

function keyOf({ text, sort }: ShownCell): Key {
  return sort === undefined ? text : sort;
}

/** Missing values come last, whichever way the others are sorted. */
function compare(one: Key, other: Key, isDescending: boolean): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  const order =
    typeof one === "number" && typeof other === "number"
      ? one - other
      : compareTexts(String(one), String(other));
  return isDescending ? -order : order;
}
