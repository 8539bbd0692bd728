import { createHash } from "node:crypto";

import type { ReportDocument } from "../document/document.ts";
import { METHOD } from "../document/method.ts";
import type { Answer } from "../report/answer-data.ts";
import { answerQuestions } from "../report/answer-questions.ts";
import { dataBlock } from "./data-block.ts";
import { Html, markup } from "./html.ts";
import { LIST_COLUMNS } from "./list-columns.ts";
import { BLOCKS, type DetailData, type PaperData, type WindowPapers } from "./page-data.ts";
import type { Checked } from "./recheck.ts";
import { type BlockContext, explainBy, explainColumns, renderSection } from "./render-blocks.ts";

/** The page's own code, as the build made it. */
export interface PageAssets {
  readonly script: string;
  readonly style: string;
}

/** What a page shows, and what its script computes and looks up. */
export interface PageContent {
  readonly document: ReportDocument;
  /** They replace the document's section `answer`. */
  readonly answers: readonly Answer[];
  readonly checked: Checked;
  readonly details: DetailData;
  /** With the windows' places in the list, those that a reader wants first before all others. */
  readonly papers: readonly (readonly [place: number, texts: WindowPapers])[];
  readonly draw: BlockContext["draw"];
  /** A page that a server shows while the experiment runs; null for a file. */
  readonly served: { readonly query: string } | null;
}

/** The section of the document that the answers take the place of. */
const ANSWER = "answer";
/** The table of the document that the list of windows takes the place of. */
const WINDOWS_TABLE = "windows";
/** The page that explains the figures, in the report's folder. */
const METHOD_FILE = "method.md";
/** Larger files open slowly, and mail programs refuse them. */
const CHARACTERS_MAX = 14_500_000;

/** The report as one HTML file that loads nothing. The same content gives the same bytes. */
export function renderPage(content: PageContent, { script, style }: PageAssets): string {
  const code = script.replaceAll("</", String.raw`<\/`).trim();
  const policy = contentPolicy({ code, style }, content.served !== null);
  const start = markup`<!doctype html>
    <html lang="en" ${servedBy(content.served)}>
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${content.document.title}</title>
        <style>${new Html(style)}</style>
      </head>
      <body>
        <a class="skip" href="#content">Skip to the report</a>
        ${renderBody(content)}
        ${renderData(content)}`.text;
  const end = markup`<script>${new Html(code)}</script>
</body>
</html>
`.text;
  const papers = renderPapers(content, CHARACTERS_MAX - start.length - end.length);
  return `${start}${papers.text}${end}`;
}

/** What the page may load: its own style and script by their hashes, and pictures that it holds. */
function contentPolicy(
  { code, style }: { readonly code: string; readonly style: string },
  isServed: boolean,
): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(code)}'`,
    `style-src '${hashOf(style)}'`,
    "img-src data:",
    "worker-src blob:",
    `connect-src ${isServed ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

function servedBy(served: PageContent["served"]): Html | null {
  return served === null ? null : markup` data-served="${served.query}"`;
}

function renderBody({ document, answers, checked, draw }: PageContent): Html {
  const sections = document.sections.filter(({ id }) => answers.length === 0 || id !== ANSWER);
  const context: BlockContext = {
    draw,
    methodLink: (anchor) => `${METHOD_FILE}#${anchor}`,
    replaced: new Map([[WINDOWS_TABLE, { html: windowList(checked), columns: LIST_COLUMNS }]]),
  };
  const own = document.sections.some(hasWindowsTable) ? null : listSection(checked, context);
  return markup`<header class="top">
      <nav aria-label="Sections">
        <ul>
          ${document.sections.map(({ id, title }) => markup`<li><a href="#${id}">${title}</a></li> `)}
        </ul>
      </nav>
    </header>
    <main id="content" tabindex="-1">
      <div id="overview">
        <h1>${document.title}</h1>
        ${answers.map((answer, index) => renderAnswer(answer, index, context))}
        <p id="recheck" role="status">
          Your browser did not compute the answer again: that needs JavaScript.
        </p>
        ${document.warnings.map((warning) => markup`<p class="warning">${warning}</p> `)}
        ${explainBy(document.method, "the number of open windows", context)}
        ${sections.map((section) => renderSection(section, context))} ${own}
      </div>
      <div id="window-page" hidden></div>
    </main> `;
}

/** The answers to the five questions that every reader has. */
function renderAnswer(answer: Answer, index: number, context: BlockContext): Html {
  const id = index === 0 ? ANSWER : `${ANSWER}-${index + 1}`;
  const [first, ...others] = answerQuestions(answer);
  return markup`<section id="${id}" class="answer ${answer.verdict}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${first?.question ?? ""}</h2>
    ${(first?.texts ?? []).map((text, place) => markup`<p${place === 0 ? markup` class="lead"` : null} data-answer>${text}</p>\n`)}
    <dl class="questions">
      ${others.map(
        ({ question, texts }) =>
          markup`<div>
            <dt>${question}</dt>
            ${texts.map((text) => markup`<dd data-answer>${text}</dd> `)}
          </div> `,
      )}
    </dl>
    ${explainBy(METHOD.answer, "the answer", context)}
  </section> `;
}

function listSection(checked: Checked, context: BlockContext): Html {
  return markup`<section id="windows" aria-labelledby="windows-title">
    <h2 id="windows-title">Windows</h2>
    ${windowList(checked)}
    ${explainBy(METHOD.sources, "Windows", context)} ${explainColumns(LIST_COLUMNS)}
  </section> `;
}

function hasWindowsTable(section: ReportDocument["sections"][number]): boolean {
  return (
    section.blocks.some((block) => block.kind === "table" && block.id === WINDOWS_TABLE) ||
    (section.parts ?? []).some(hasWindowsTable)
  );
}

function windowList({ windows }: Checked): Html {
  const count = windows.windows.window.length;
  return markup`<div id="window-list" data-own="true">
    <p>${count} windows; the list needs JavaScript.</p>
  </div> `;
}

function renderData({ checked, details }: PageContent): Html {
  const blocks = [
    dataBlock(BLOCKS.windows, checked.windows),
    dataBlock(BLOCKS.requests, checked.requests),
    dataBlock(BLOCKS.details, details),
    dataBlock(BLOCKS.verdict, checked.verdict),
  ];
  return markup`${blocks.map((block) => markup`${block} `)}`;
}

/** The papers of as many windows as the file has room for, and a note about the others. */
function renderPapers({ papers, checked }: PageContent, charactersLeft: number): Html {
  const blocks: Html[] = [];
  let left = charactersLeft;
  for (const [place, texts] of papers) {
    const block = dataBlock(`${BLOCKS.papers}-${place}`, texts);
    left -= block.text.length;
    if (left < 0) break;
    blocks.push(block);
  }
  const index: PaperData = {
    windows: papers.slice(0, blocks.length).map(([place]) => place),
    others: sayOthers(checked, blocks.length),
  };
  return markup`${[dataBlock(BLOCKS.papers, index), ...blocks].map((block) => markup`${block} `)}`;
}

function sayOthers({ windows: { windows, view } }: Checked, held: number): string {
  const all = `${held} of ${windows.window.length} windows`;
  return `This file holds the diff, the log and the rows of ${all}, flagged ones first. This command shows those of every window: ${view}`;
}
