import { readBlock } from "./read-block.ts";
import { type ShownCell, type TableColumn, TableView } from "./table-view.ts";

type PackedCell = string | (ShownCell & { readonly window?: string });

interface LongTable {
  readonly columns: readonly TableColumn[];
  readonly rows: readonly (readonly PackedCell[])[];
}

/** From this many rows on a table sorts and filters. */
const ROWS_TO_SORT = 4;

/** Makes the tables of the document sortable, and shows long ones page by page. */
export async function mountTables(root: ParentNode): Promise<void> {
  for (const place of root.querySelectorAll<HTMLElement>("[data-table]")) {
    const caption = place.querySelector("caption")?.textContent ?? "";
    const block = place.querySelector<HTMLElement>(`script[id]`);
    if (block !== null) {
      const { columns, rows } = await readBlock<LongTable>(block.id);
      const cells = rows.map((row) => row.map(readCell));
      const view = { caption, columns, count: rows.length, cell: cellIn(cells) };
      void new TableView(place, view);
    } else if (place.querySelectorAll("tbody tr").length >= ROWS_TO_SORT) {
      mountShort(place, caption);
    }
  }
}

function cellIn(cells: readonly (readonly ShownCell[])[]) {
  return (row: number, column: number): ShownCell => cells[row]?.[column] ?? { text: "" };
}

function readCell(cell: PackedCell): ShownCell {
  if (typeof cell === "string") return { text: cell };
  const { window, ...shown } = cell;
  return window === undefined
    ? shown
    : { ...shown, href: `#/window/${encodeURIComponent(window)}` };
}

function mountShort(place: HTMLElement, caption: string): void {
  const columns = [...place.querySelectorAll("thead th")].map((head) => ({
    title: head.textContent,
    isNumber: head.classList.contains("number"),
  }));
  const cells = [...place.querySelectorAll<HTMLTableRowElement>("tbody tr")].map((row) =>
    [...row.cells].map((cell): ShownCell => {
      const { sort } = cell.dataset;
      const number = Number(sort);
      const href = cell.querySelector("a")?.getAttribute("href") ?? undefined;
      const key = Number.isNaN(number) ? sort : number;
      return { text: cell.textContent, href, ...(sort === undefined ? {} : { sort: key }) };
    }),
  );
  const rows = { caption, columns, count: cells.length, cell: cellIn(cells), hasSearch: false };
  void new TableView(place, rows);
}
