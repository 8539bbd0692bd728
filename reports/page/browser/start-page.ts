import { checkVerdict } from "./check-verdict.ts";
import { mountTables } from "./document-tables.ts";
import { byId } from "./dom.ts";
import { followRun } from "./live.ts";
import { findWindow, PageStore } from "./page-store.ts";
import { TableView } from "./table-view.ts";
import { listRows } from "./window-list.ts";
import { showUnknown, showWindow } from "./window-page.ts";

const WINDOW_ADDRESS = /^#\/window\/(?<id>[^/]*)(?:\/(?<provider>.*))?$/u;

/** Makes the page alive: lists, the pages of windows, and the check of the verdict. */
export async function startPage(): Promise<void> {
  const page = new Page();
  await page.start();
}

class Page {
  #store = new PageStore();
  #list: TableView | null = null;
  /** How far the reader had scrolled before opening a window. */
  #scrolled = 0;
  #shown = "";

  async start(): Promise<void> {
    await this.#showList();
    await this.#route();
    document.documentElement.dataset["ready"] = "true";
    globalThis.addEventListener("hashchange", () => void this.#route());
    document.addEventListener("keydown", (event) => this.#press(event));
    followRun((page) => this.#update(page));
    await mountTables(byId("overview"));
    await checkVerdict();
  }

  async #showList(): Promise<void> {
    const rows = listRows(await this.#store.windows());
    if (this.#list === null) this.#list = new TableView(byId("window-list"), rows);
    else this.#list.update(rows);
  }

  async #route(): Promise<void> {
    const { hash } = globalThis.location;
    const { id, provider } = WINDOW_ADDRESS.exec(hash)?.groups ?? {};
    if (id === undefined) this.#showOverview(hash);
    else await this.#showWindow(decode(id), provider === undefined ? null : decode(provider));
    this.#shown = hash;
  }

  #showOverview(hash: string): void {
    if (byId("window-page").hidden) return;
    byId("window-page").hidden = true;
    byId("overview").hidden = false;
    document.title = document.title.replace(/^Window .*? – /u, "");
    const target = hash.length > 1 ? document.querySelector(`#${CSS.escape(hash.slice(1))}`) : null;
    if (target === null) globalThis.scrollTo(0, this.#scrolled);
    else target.scrollIntoView();
  }

  async #showWindow(id: string, provider: string | null): Promise<void> {
    const place = findWindow(await this.#store.windows(), id, provider);
    const shown = place < 0 ? showUnknown(id) : await showWindow(this.#store, place);
    const view = byId("window-page");
    if (view.hidden) this.#scrolled = globalThis.scrollY;
    view.replaceChildren(...shown);
    view.hidden = false;
    byId("overview").hidden = true;
    const plain = document.title.replace(/^Window .*? – /u, "");
    document.title = `Window ${id} – ${plain}`;
    globalThis.scrollTo(0, 0);
    view.querySelector("h1")?.focus({ preventScroll: true });
  }

  /** `/` goes to the search of the windows; Escape leaves a window. */
  #press(event: KeyboardEvent): void {
    const isTyping = event.target instanceof HTMLInputElement;
    if (event.key === "Escape" && !byId("window-page").hidden) globalThis.history.back();
    if (event.key !== "/" || isTyping || byId("overview").hidden) return;
    event.preventDefault();
    byId("window-list").querySelector("input")?.focus();
  }

  /** Takes over what has changed, and leaves filters, scroll and an open window as they are. */
  async #update(page: Document): Promise<void> {
    for (const fresh of page.querySelectorAll<HTMLElement>("body > script[id]")) {
      const old = document.querySelector(`#${CSS.escape(fresh.id)}`);
      const copy = document.importNode(fresh, true);
      if (old === null) document.body.append(copy);
      else old.replaceWith(copy);
    }
    this.#store = new PageStore();
    replaceSections(page);
    await this.#showList();
    await mountTables(byId("overview"));
    if (this.#shown.startsWith("#/window/")) await this.#refreshWindow();
    await checkVerdict();
  }

  async #refreshWindow(): Promise<void> {
    const at = globalThis.scrollY;
    await this.#route();
    globalThis.scrollTo(0, at);
  }
}

/** A damaged address names no window. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Replaces the old sections by the new ones; the list of windows stays. */
function replaceSections(page: Document): void {
  const overview = byId("overview");
  const list = byId("window-list");
  const status = byId("recheck");
  const fresh = document.importNode(page.querySelector("#overview") ?? overview, true);
  fresh.querySelector("#window-list")?.replaceWith(list);
  fresh.querySelector("#recheck")?.replaceWith(status);
  const at = globalThis.scrollY;
  overview.replaceChildren(...fresh.childNodes);
  globalThis.scrollTo(0, at);
}
