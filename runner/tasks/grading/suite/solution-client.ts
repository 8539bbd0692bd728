import { serialize } from "node:v8";

import type { Answer, HostRequest } from "../host/protocol.ts";
import { readReply } from "./read-reply.ts";
import { type Handled, encodeArguments, markHandled } from "./remote-values.ts";
import { SolutionBrokenError, ask, closeHost } from "./runner-channel.ts";

/** An error that the solution threw, with its `name`, `message` and `code`. */
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

/** An object of the solution. Its methods run in the solution's process. */
export interface RemoteObject extends Handled {
  call(method: string, ...args: readonly unknown[]): Promise<unknown>;
  obtain(method: string, ...args: readonly unknown[]): Promise<RemoteObject>;
  get(property: string): Promise<unknown>;
}

/** A function to pass to the solution. It returns its answers in turn and then repeats the last one. */
export interface RemoteDouble extends Handled {
  returns(...values: readonly unknown[]): Promise<void>;
  throws(name: string, message: string): Promise<void>;
  /** The arguments of each call so far. */
  received(): Promise<unknown>;
}

let hosts = 0;

/** Gives acceptance steps access to the solution, as `this.solution`. Each scenario has its own process. */
export class SolutionClient {
  readonly #host: number;
  #loaded: Promise<void> | undefined;
  #isClosed = false;

  constructor() {
    hosts += 1;
    this.#host = hosts;
  }

  /** Calls an exported function and copies its result, or the result of its promise. */
  async call(name: string, ...args: readonly unknown[]): Promise<unknown> {
    return await this.#value(invocation(name, args));
  }

  /** Calls an exported function and holds its result as an object. */
  async obtain(name: string, ...args: readonly unknown[]): Promise<RemoteObject> {
    return await this.#object({ ...invocation(name, args), keep: true });
  }

  /** Creates an object of an exported class. */
  async construct(name: string, ...args: readonly unknown[]): Promise<RemoteObject> {
    return await this.#object({ ...invocation(name, args), op: "construct", keep: true });
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

  /** Ends the solution's process, so that leftover work of a step can't reach the next scenario. */
  close(): void {
    this.#isClosed = true;
    if (this.#loaded !== undefined) closeHost(this.#host);
  }

  async #object(request: HostRequest): Promise<RemoteObject> {
    const target = await this.#handle(request);
    return markHandled({
      handle: target,
      call: async (name, ...args) => await this.#value({ ...invocation(name, args), target }),
      obtain: async (name, ...args) =>
        await this.#object({ ...invocation(name, args), target, keep: true }),
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

/** A call of an exported function that copies the result. */
function invocation(name: string, args: readonly unknown[]) {
  return { op: "call", target: null, name, ...encodeArguments(args), keep: false } as const;
}
