import { rowAt } from "../columns.ts";
import {
  BLOCKS,
  type DetailData,
  type ListedWindow,
  type PaperData,
  type RequestData,
  type WindowData,
  type WindowPapers,
} from "../page-data.ts";
import { readBlock } from "./read-block.ts";

/** The data of the page, each unpacked when it is first asked for. */
export class PageStore {
  readonly #read = new Map<string, Promise<unknown>>();

  windows = (): Promise<WindowData> => this.#once(BLOCKS.windows);
  requests = (): Promise<RequestData> => this.#once(BLOCKS.requests);
  details = (): Promise<DetailData> => this.#once(BLOCKS.details);
  papers = (): Promise<PaperData> => this.#once(BLOCKS.papers);

  /** What a window left behind; why it is not here, as a text. */
  async papersOf(place: number): Promise<WindowPapers | string> {
    const { windows, others } = await this.papers();
    if (windows.includes(place)) return await this.#once(`${BLOCKS.papers}-${String(place)}`);
    const query = servedQuery();
    if (query === null) return others;
    const answer = await fetch(`papers${query}&place=${String(place)}`);
    if (!answer.ok) return others;
    const papers: WindowPapers = await answer.json();
    return papers;
  }

  #once<Value>(id: string): Promise<Value> {
    const known = this.#read.get(id) ?? readBlock(id);
    this.#read.set(id, known);
    // Each element holds data of one type, which `BLOCKS` names.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    return known as Promise<Value>;
  }
}

/** The query that a server asks for, with its token; null for a page that is a file. */
export function servedQuery(): string | null {
  return document.documentElement.dataset["served"] ?? null;
}

/** The place of a window in the list; manual windows of several providers may share one id. */
export function findWindow({ windows }: WindowData, id: string, provider: string | null): number {
  return windows.window.findIndex(
    (window, place) =>
      (window ?? "") === id && (provider === null || windows.provider[place] === provider),
  );
}

export function windowAt({ windows }: WindowData, place: number): ListedWindow {
  return rowAt(windows, place);
}
