import type {
  Block,
  Cell,
  Column,
  Figure,
  PictureBlock,
  Section,
  TableBlock,
} from "../document/document.ts";
import { cellClasses } from "./cell-classes.ts";
import { dataBlock } from "./data-block.ts";
import { type Html, markup } from "./html.ts";

/** A longer table shows this many rows before the script takes it over. */
const ROWS_A_PAGE = 50;

/** What a renderer of blocks needs besides the document. */
export interface BlockContext {
  /** The picture as an image's address; null if it can't be drawn. */
  readonly draw: (picture: PictureBlock) => string | null;
  /** The address of a heading of the method page. */
  readonly methodLink: (anchor: string) => string;
  /** Tables that something else takes the place of, by their ids. */
  readonly replaced: ReadonlyMap<string, Replacement>;
}

/** Something that takes the place of a table, with the columns that it has itself. */
interface Replacement {
  readonly html: Html;
  readonly columns: readonly Column[];
}

/** One section of a document with its parts. */
export function renderSection(section: Section, context: BlockContext): Html {
  const { id, title, blocks, method, parts = [] } = section;
  return markup`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${blocks.map((block) => renderBlock(block, title, context))}
    ${explainBy(method, title, context)}
    ${parts.map((part) => renderPart(part, context))}
  </section> `;
}

function renderPart(
  { id, title, blocks, method, parts = [] }: Section,
  context: BlockContext,
): Html {
  return markup`<section id="${id}" class="part" aria-labelledby="${id}-title">
    <h3 id="${id}-title">${title}</h3>
    ${blocks.map((block) => renderBlock(block, title, context))}
    ${explainBy(method, title, context)}
    ${parts.map((part) => renderPart(part, context))}
  </section> `;
}

function renderBlock(block: Block, title: string, context: BlockContext): Html {
  switch (block.kind) {
    case "text":
      return markup`<p${block.isLead === true ? markup` class="lead"` : null}>${block.text}</p>\n`;
    case "brief":
      return markup`${block.paragraphs.map((one) => markup`<p>${one.map(({ text }) => text).join(" ")}</p>\n`)}`;
    case "list":
      return markup`<ul>
        ${block.items.map((item) => markup`<li>${item}</li>`)}
      </ul> `;
    case "figures":
      return renderFigures(block.figures, context);
    case "table":
      return renderReplaced(block, title, context) ?? renderTable(block, title, context);
    case "picture":
      return renderPicture(block, context);
    case "code":
      return markup`<pre tabindex="0"><code>${block.lines.join("\n")}</code></pre> `;
  }
}

function renderFigures(figures: readonly Figure[], { methodLink }: BlockContext): Html {
  return markup`<dl class="figures">
    ${figures.map(
      ({ name, value, meaning, method }) =>
        markup`<div>
          <dt>${name}</dt>
          <dd>
            <strong>${value}</strong>
            <span class="meaning"
              >${meaning}${method === null ? null : linkTo(methodLink(method), name)}</span
            >
          </dd>
        </div> `,
    )}
  </dl> `;
}

function linkTo(address: string, name: string): Html {
  return markup` <a href="${address}" aria-label="Method: how ${name} is computed">Method</a>`;
}

/** What takes the place of a table is explained as the table is. */
function renderReplaced(block: TableBlock, title: string, context: BlockContext): Html | null {
  const own = context.replaced.get(block.id);
  if (own === undefined) return null;
  return markup`${own.html}
    <p>${block.meaning ?? title}</p>
    ${explainTable({ ...block, columns: own.columns }, title, context)} `;
}

function renderTable(block: TableBlock, title: string, context: BlockContext): Html {
  const { id, columns, rows, none, meaning } = block;
  if (rows.length === 0) return markup`<p>${none ?? "Nothing to show."}</p> `;
  const shown = rows.slice(0, ROWS_A_PAGE);
  const isLong = rows.length > ROWS_A_PAGE;
  return markup`<div data-table="${id}">
    <div class="scroll" role="region" aria-label="${title}" tabindex="0">
      <table>
        <caption>${meaning ?? title}</caption>
        <thead>
          <tr>
            ${columns.map(renderHead)}
          </tr>
        </thead>
        <tbody>
          ${shown.map(
            (row) =>
              markup`<tr>
                ${row.map((cell, index) => renderCell(cell, columns[index]))}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>
    ${
      isLong
        ? markup`<p class="more">The first ${ROWS_A_PAGE} of ${rows.length} rows.</p>
            ${dataBlock(`table-${id}`, { columns, rows })}`
        : null
    }
  </div>
  ${explainTable(block, title, context)} `;
}

function explainTable(table: TableBlock, title: string, context: BlockContext): Html {
  return markup`${explainBy(table.method, title, context)} ${explainColumns(table.columns)}`;
}

/** A link to the heading that explains something, on a line of its own. */
export function explainBy(
  method: string | undefined,
  title: string,
  { methodLink }: Pick<BlockContext, "methodLink">,
): Html | null {
  if (method === undefined) return null;
  return markup`<p class="more">${linkTo(methodLink(method), title)}</p>`;
}

/** What single columns mean, folded away. */
export function explainColumns(columns: readonly Column[]): Html | null {
  const explained = columns.flatMap(({ title, meaning }) =>
    meaning === undefined ? [] : [markup`<div><dt>${title}</dt><dd>${meaning}</dd></div>`],
  );
  if (explained.length === 0) return null;
  return markup`<details><summary>What the columns mean</summary><dl class="facts">${explained}</dl></details>`;
}

function renderHead({ title, isNumber }: Column): Html {
  return markup`<th scope="col" ${isNumber === true ? markup` class="number"` : null}>${title}</th>`;
}

function renderCell(cell: Cell, column: Column | undefined): Html {
  const { text, sort, window } = typeof cell === "string" ? { text: cell } : cell;
  const sorted = sort === undefined || sort === null ? null : markup` data-sort="${sort}"`;
  const classes = cellClasses(text, column);
  const named = classes === "" ? null : markup` class="${classes}"`;
  const shown =
    window === undefined
      ? text
      : markup`<a href="#/window/${encodeURIComponent(window)}">${text}</a>`;
  return markup`<td${named}${sorted}>${shown}</td>`;
}

function renderPicture(block: PictureBlock, context: BlockContext): Html {
  const { id, title, alternative, data } = block;
  const { method } = data;
  const image = block.specification === null ? null : context.draw(block);
  if (image === null) return markup`<p>${title}: ${data.none ?? alternative}</p> `;
  return markup`<figure id="picture-${id}">
    <figcaption><strong>${title}.</strong> ${alternative}${method === undefined ? null : linkTo(context.methodLink(method), title)}</figcaption>
    <div class="scroll" role="region" aria-label="${title}" tabindex="0">
      <img src="${image}" alt="${alternative}" />
    </div>
    <details>
      <summary>The data of this picture</summary>
      ${renderTable(data, title, context)}
    </details>
  </figure> `;
}
