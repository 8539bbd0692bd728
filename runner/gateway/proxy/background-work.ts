import { findDialect } from "./dialects/find-dialect.ts";
import { openaiResponses } from "./dialects/openai.ts";
import type { Destination } from "./routes/route.ts";

/** Work that a model goes on with after its answer. A later answer to a poll states what it used. */
export interface RunningWork {
  readonly model: string | null;
  /** It alone knows the work. */
  readonly destination: Destination;
  /** Whether an answer has stated its usage, which counts once. */
  isCounted: boolean;
}

/** The path of a stored response, with its id. */
const STORED = /\/responses\/(?<id>[^/]+)$/;

/** The background work of an attempt. */
export class BackgroundWork {
  readonly #works = new Map<string, RunningWork>();

  begin(id: string, { model, destination }: Omit<RunningWork, "isCounted">): void {
    this.#works.set(id.toLowerCase(), { model, destination, isCounted: false });
  }

  /**
   * What a request asks for, and the background work that it polls.
   * @param path in lower case, decoded.
   */
  find(method: string, path: string) {
    const found = { ...findDialect(method, path), polled: undefined };
    if (method !== "GET" || this.#works.size === 0) return found;
    const polled = this.#works.get(STORED.exec(path)?.groups?.["id"] ?? "");
    return polled === undefined ? found : { ...found, dialect: openaiResponses, polled };
  }
}
