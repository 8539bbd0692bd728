import { createServer } from "node:http";

import { closeServer, openPort } from "../../platform/http/listen-on-loopback.ts";

/** What a worker has done since it started. */
export type WorkerEvent = "begun" | "done" | "lost" | "store_unreachable";

const EVENTS: Readonly<Record<WorkerEvent, string>> = {
  begun: "Attempts that were begun.",
  done: "Attempts that were recorded.",
  lost: "Attempts whose claim was lost.",
  store_unreachable: "Calls of the store that were tried again.",
};

export type WorkerCounts = ReturnType<typeof createCounts>;

/** Counts for `/metrics`. */
export function createCounts() {
  const counts = new Map<WorkerEvent, number>();
  return {
    count: (event: WorkerEvent): void => {
      counts.set(event, (counts.get(event) ?? 0) + 1);
    },
    /** In the text format of Prometheus, version 0.0.4. */
    text: (): string =>
      Object.entries(EVENTS)
        .map(([event, help]) => {
          const name = `counterbalance_worker_${event}_total`;
          const value = [...counts].find(([one]) => one === event)?.[1] ?? 0;
          return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${name} ${String(value)}\n`;
        })
        .join(""),
  };
}

/** Serves `/healthz` and `/metrics` on loopback. Returns the address and how to end it. */
export async function serveMetrics(counts: WorkerCounts, port: number) {
  const server = createServer((request, response) => {
    const text = ANSWERS[request.url ?? ""]?.(counts);
    response.writeHead(text === undefined ? 404 : 200, {
      "content-type": "text/plain; version=0.0.4; charset=utf-8",
    });
    response.end(text ?? "Not found.\n");
  });
  const url = await openPort(server, port);
  return { url, close: () => closeServer(server) };
}

const ANSWERS: Readonly<Record<string, (counts: WorkerCounts) => string>> = {
  "/healthz": () => "ok\n",
  "/metrics": (counts) => counts.text(),
};
