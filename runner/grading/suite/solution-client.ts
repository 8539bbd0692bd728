import { serialize } from "node:v8";

import type { Answer, HostRequest } from "../host/protocol.ts";
import { readReply } from "./read-reply.ts";
import { type Handled, encodeArguments, markHandled } from "./remote-values.ts";
import { SolutionBrokenError, ask, tell } from "./runner-channel.ts";

/** What the solution itself threw; `name`, `message` and `code` are its error's. */
class SolutionError extends Error {
  readonly code: string | undefined;

  constructor(thrown: {
    readonly name: string;
    readonly message: string;
    readonly code?: string | undefined;
  }) {
    super(thrown.message);
    this.name = thrown.name;
    this.code = thrown.code;
  }
}

/** An object of the solution's: its methods are called where it lives. */
export interface RemoteObject extends Handled {
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  obtain(method: string, ...args: readonly unknown[]): Promise<RemoteObject>;
  get(property: string): Promise<unknown>;
}

/** A function to pass into the solution; it gives its answers in turn and then keeps to the last. */
export interface RemoteDouble extends Handled {
  returns(...values: readonly unknown[]): Promise<void>;
  throws(name: string, message: string): Promise<void>;
  /** The arguments of each call so far. */
  received(): Promise<unknown>;
}

let hosts = 0;

/** The door that acceptance steps have to the solution: `this.solution`. One process a scenario. */
export class SolutionClient {
  readonly #host: number;
  #loaded: Promise<void> | undefined;
  #isClosed = false;

  constructor() {
    hosts += 1;
    this.#host = hosts;
  }

  /** Calls an exported function and copies what it gives back, or what its promise does. */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return await this.#value({
      op: "call",
      target: null,
      name,
      ...encodeArguments(args),
      keep: false,
    });
  }

  /** Calls an exported function and holds what it gives back as an object. */
  async obtain(name: string, ...args: readonly unknown[]): Promise<RemoteObject> {
    return await this.#object({
      op: "call",
      target: null,
      name,
      ...encodeArguments(args),
      keep: true,
    });
  }

  /** Makes an object of an exported class. */
  async construct(name: string, ...args: readonly unknown[]): Promise<RemoteObject> {
    return await this.#object({
      op: "construct",
      target: null,
      name,
      ...encodeArguments(args),
      keep: true,
    });
  }

  /** The value of an export. */
  async get(name: string): Promise<unknown> {
    return await this.#value({ op: "get", target: null, name });
  }

  /** A function that returns the values in turn, e.g. a clock: `await this.solution.double(0)`. */
  async double(...values: readonly unknown[]): Promise<RemoteDouble> {
    const target = await this.#handle({ op: "double", answers: values.map(valueAnswer) });
    const answer = async (answers: readonly Answer[]): Promise<void> => {
      await this.#value({ op: "answer", target, answers });
    };
    return markHandled({
      handle: target,
      returns: async (...later) => await answer(later.map(valueAnswer)),
      throws: async (name, message) => await answer([{ kind: "error", name, message }]),
      received: async () => await this.#value({ op: "received", target }),
    });
  }

  /** Ends the solution's process; what a step left behind can't reach the next scenario's. */
  close(): void {
    this.#isClosed = true;
    if (this.#loaded !== undefined) tell({ kind: "host_closed", host: this.#host });
  }

  async #object(request: HostRequest): Promise<RemoteObject> {
    const target = await this.#handle(request);
    return markHandled({
      handle: target,
      call: async (name, ...args) =>
        await this.#value({ op: "call", target, name, ...encodeArguments(args), keep: false }),
      obtain: async (name, ...args) =>
        await this.#object({ op: "call", target, name, ...encodeArguments(args), keep: true }),
      get: async (name) => await this.#value({ op: "get", target, name }),
    });
  }

  async #value(request: HostRequest): Promise<unknown> {
    const reply = await this.#request(request);
    if (reply.kind !== "value")
      throw new SolutionBrokenError("The solution's process gave no value.");
    return reply.value;
  }

  async #handle(request: HostRequest): Promise<number> {
    const reply = await this.#request(request);
    if (reply.kind !== "handle")
      throw new SolutionBrokenError("The solution's process gave no object.");
    return reply.handle;
  }

  async #request(request: HostRequest): Promise<ReturnType<typeof readReply>> {
    if (this.#isClosed) throw new SolutionBrokenError("The scenario is over.");
    this.#loaded ??= this.#load();
    await this.#loaded;
    const reply = readReply(await ask(this.#host, serialize(request)));
    if (reply.kind === "threw") throw new SolutionError(reply);
    if (reply.kind === "refused") throw new SolutionBrokenError(reply.message);
    return reply;
  }

  async #load(): Promise<void> {
    const reply = readReply(await ask(this.#host));
    if (reply.kind !== "threw") return;
    throw new SolutionBrokenError(
      `The solution's module can't be loaded: ${reply.name}: ${reply.message}`,
    );
  }
}

function valueAnswer(value: unknown): Answer {
  return { kind: "value", value };
}
