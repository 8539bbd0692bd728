import type { Dispatcher } from "undici";

import type { Dialect } from "../dialects/dialect.ts";
import type { Destination } from "../routes/route.ts";
import { withUsageAsked } from "./ask-for-usage.ts";

/** Upstreams answer so to an option that they do not know. */
const REFUSALS: ReadonlySet<number> = new Set([400, 422]);
const CLIENT_ERROR = 400;
/** A client chooses the models, so there may be any number. */
const KNOWN_MAX = 1000;

/** The model that a request names, and where it goes. */
interface AskedModel {
  readonly model: string | null;
  readonly destination: Destination;
}

/** Asks for the usage of Chat streams, except where an upstream has refused the question for that model. */
export class UsageAsker {
  readonly #refusing = new Set<string>();

  /** The body that asks; null if the request is to be sent as it is. */
  ask(body: Buffer, to: AskedModel, dialect: Dialect | null): Buffer | null {
    if (dialect?.name !== "openai-chat" || this.#refusing.has(nameOf(to))) return null;
    return withUsageAsked(body);
  }

  refusedBy(to: AskedModel): void {
    if (this.#refusing.size < KNOWN_MAX) this.#refusing.add(nameOf(to));
  }
}

function nameOf({ model, destination }: AskedModel): string {
  const { address, model: served } = destination;
  return JSON.stringify([address.origin, address.basePath, served ?? model]);
}

type Handler = Required<
  Pick<
    Dispatcher.DispatchHandler,
    "onRequestStart" | "onResponseStart" | "onResponseData" | "onResponseEnd" | "onResponseError"
  >
>;

interface SecondTry {
  /** Sends the request as its client wrote it. */
  readonly sendUnasked: () => void;
  /** The upstream takes the request, but not with the question. */
  readonly onRefusing: () => void;
}

/** Drops the refusal of a request that asks for its usage, and sends the request once more without it. */
export class AskedOnce implements Handler {
  readonly #call: Handler;
  readonly #second: SecondTry;
  #at: "asked" | "dropping" | "unasked" = "asked";

  constructor(call: Handler, second: SecondTry) {
    this.#call = call;
    this.#second = second;
  }

  onRequestStart(...[controller, context]: Parameters<Handler["onRequestStart"]>): void {
    this.#call.onRequestStart(controller, context);
  }

  onResponseStart(
    ...[controller, status, headers, message]: Parameters<Handler["onResponseStart"]>
  ): void {
    if (this.#at === "asked" && REFUSALS.has(status)) {
      this.#at = "dropping";
      return;
    }
    if (this.#at === "unasked" && status < CLIENT_ERROR) this.#second.onRefusing();
    this.#call.onResponseStart(controller, status, headers, message);
  }

  onResponseData(...[controller, chunk]: Parameters<Handler["onResponseData"]>): void {
    if (this.#at !== "dropping") this.#call.onResponseData(controller, chunk);
  }

  onResponseEnd(...[controller, trailers]: Parameters<Handler["onResponseEnd"]>): void {
    if (this.#at !== "dropping") return this.#call.onResponseEnd(controller, trailers);
    this.#at = "unasked";
    this.#second.sendUnasked();
  }

  onResponseError(...[controller, error]: Parameters<Handler["onResponseError"]>): void {
    this.#call.onResponseError(controller, error);
  }
}
