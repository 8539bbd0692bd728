import type { ProxiedRequest } from "../../../ledger/domain/proxied-request.ts";
import type { AnswerReading } from "./dialects/dialect.ts";
import { findDialect } from "./dialects/find-dialect.ts";
import { openaiResponses } from "./dialects/openai.ts";
import type { Destination } from "./routes/route.ts";

/** Work that a model goes on with after its answer. A later answer to a poll states what it used. */
export interface RunningWork {
  readonly id: string;
  readonly model: string | null;
  /** It alone knows the work. */
  readonly destination: Destination;
  /** Whether an answer has stated its usage, which counts once. */
  isCounted: boolean;
}

interface Asked extends Pick<ProxiedRequest, "kind"> {
  readonly polled?: RunningWork | undefined;
}

/** The path of a stored response, with its id. */
const STORED = /\/responses\/(?<id>[^/]+)$/;

/** The background work of an attempt. */
export class BackgroundWork {
  readonly #works = new Map<string, RunningWork>();

  /** The kind of a request by its answer, with the id of work that goes on after it, or is counted by it. */
  note(
    { kind, polled }: Asked,
    { model, destination }: Pick<RunningWork, "destination" | "model">,
    reading: AnswerReading | null,
  ): Pick<ProxiedRequest, "background_id" | "kind"> {
    const { usage = null, runningId } = reading ?? {};
    if (polled !== undefined) {
      if (polled.isCounted || usage === null || runningId !== undefined) return { kind };
      polled.isCounted = true;
      return { kind: "model", background_id: polled.id };
    }
    if (runningId === undefined) return { kind };
    const work = { id: runningId, model, destination, isCounted: false };
    this.#works.set(runningId.toLowerCase(), work);
    return { kind, background_id: runningId };
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
