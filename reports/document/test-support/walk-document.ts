import type { Block, Cell, ReportDocument, Section, TableBlock } from "../document.ts";

/** A figure of a document: what it is called, what it is about, and its value. */
export interface NamedValue {
  readonly name: string;
  readonly of: string;
  readonly value: string;
}

/** Every section, followed by its parts. */
export function sectionsOf(document: Pick<ReportDocument, "sections">): readonly Section[] {
  return document.sections.flatMap((section) => [
    section,
    ...sectionsOf({ sections: section.parts ?? [] }),
  ]);
}

function blocksOf(document: ReportDocument): readonly Block[] {
  return sectionsOf(document).flatMap(({ blocks }) => blocks);
}

export function tablesOf(document: ReportDocument): readonly TableBlock[] {
  return blocksOf(document).flatMap((block) => (block.kind === "table" ? [block] : []));
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

/** Every text that a reader sees, pictures apart. */
function textsOf(document: ReportDocument): readonly string[] {
  return blocksOf(document).flatMap((block): readonly string[] => {
    switch (block.kind) {
      case "text":
        return [block.text];
      case "brief":
        return block.paragraphs.flat().map(({ text }) => text);
      case "list":
        return block.items;
      case "figures":
        return block.figures.map(({ value }) => value);
      case "table":
        return block.rows.flat().map(textOf);
      case "picture":
        return [block.alternative, ...block.data.rows.flat().map(textOf)];
      case "code":
        return [];
    }
  });
}

/** Every figure of the document, from its lists of figures and from its tables. */
export function namedValues(document: ReportDocument): readonly NamedValue[] {
  return sectionsOf(document).flatMap(({ about = "", blocks }) =>
    blocks.flatMap((block): readonly NamedValue[] => {
      if (block.kind === "figures") {
        return block.figures.map(({ name, value }) => ({ name, value, of: about }));
      }
      return block.kind === "table" ? tableValues(block, about) : [];
    }),
  );
}

function tableValues({ columns, rows }: TableBlock, about: string): readonly NamedValue[] {
  return rows.flatMap((row) => {
    const keys = columns.flatMap(({ isKey }, at) =>
      isKey === true ? [textOf(row[at] ?? "").replace(/ †.*/u, "")] : [],
    );
    return columns.flatMap(({ title, isKey }, at) =>
      isKey === true
        ? []
        : [{ name: title, of: [about, ...keys].join(" "), value: textOf(row[at] ?? "") }],
    );
  });
}

/** Figures of one name about one thing that have several values. */
export function conflictsIn(document: ReportDocument): readonly string[] {
  const groups = Map.groupBy(namedValues(document), ({ name, of }) => JSON.stringify([name, of]));
  return [...groups].flatMap(([key, found]) => {
    const values = [...new Set(found.map(({ value }) => value))];
    return values.length === 1 ? [] : [`${key}: ${values.join(" / ")}`];
  });
}

/** Figures and columns of numbers without a meaning or without a heading of the method. */
export function unexplainedIn(document: ReportDocument): readonly string[] {
  return blocksOf(document).flatMap((block): readonly string[] => {
    if (block.kind === "figures") {
      return block.figures
        .filter(({ meaning, method }) => meaning === "" || method === null)
        .map(({ name }) => name);
    }
    if (block.kind === "picture") return unexplainedInTable(block.data);
    return block.kind === "table" ? unexplainedInTable(block) : [];
  });
}

function unexplainedInTable(table: TableBlock): readonly string[] {
  const { id, columns, meaning = "", method = "" } = table;
  if (columns.length === 0) return [];
  const bare = columns.filter(
    (column) =>
      (column.isNumber === true || column.isInterval === true) && (column.meaning ?? "") === "",
  );
  return [
    ...(meaning === "" || method === "" ? [id] : []),
    ...bare.map(({ title }) => `${id}: ${title}`),
  ];
}

/** Intervals that do not say both their level and when they hold. */
export function vagueIntervalsIn(document: ReportDocument): readonly string[] {
  const titles = tablesOf(document).flatMap(({ columns }) => columns.map(({ title }) => title));
  return [...textsOf(document), ...titles]
    .flatMap((text) => text.match(/\bC[IS]\b[^);]*/gu) ?? [])
    .filter((text) => !/fixed-n|anytime-valid/u.test(text));
}

/** Figures that are missing without a reason. */
export function unreasonedIn(document: ReportDocument): readonly string[] {
  return textsOf(document).filter((text) => /\bn\/a\b(?! \(|: |, )/u.test(text));
}
