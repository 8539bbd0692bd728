import { servedQuery } from "./page-store.ts";

/** Calls back with the new page whenever the server says that the experiment has moved on. */
export function followRun(update: (page: Document) => Promise<void>): void {
  const query = servedQuery();
  if (query === null) return;
  const events = new EventSource(`events${query}`);
  let isBusy = false;
  events.addEventListener("changed", () => {
    if (isBusy) return;
    isBusy = true;
    void fetchPage(query)
      .then(update)
      .finally(() => {
        isBusy = false;
      });
  });
}

async function fetchPage(query: string): Promise<Document> {
  const answer = await fetch(`./${query}`);
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}
