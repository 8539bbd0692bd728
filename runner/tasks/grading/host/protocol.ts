/** An argument that lives in the host. `path` leads to its place in the list of arguments. */
export interface HandleAt {
  readonly path: readonly (string | number)[];
  readonly handle: number;
}

/** A double's reaction to a call: it returns the value or throws the error. */
export type Answer =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly name: string; readonly message: string };

/** A request to the host. `target` is the handle of an object, or `null` for the solution's module. */
export type HostRequest =
  | {
      readonly op: "call" | "construct";
      readonly target: number | null;
      readonly name: string;
      readonly args: readonly unknown[];
      readonly handles: readonly HandleAt[];
      /** Keeps the result in the host and answers with its handle. */
      readonly keep: boolean;
    }
  | { readonly op: "get"; readonly target: number | null; readonly name: string }
  | { readonly op: "double"; readonly answers: readonly Answer[] }
  | { readonly op: "answer"; readonly target: number; readonly answers: readonly Answer[] }
  | { readonly op: "received"; readonly target: number };

/** What a host answers to a request. */
export type HostReply =
  | { readonly kind: "value"; readonly value?: unknown }
  | { readonly kind: "handle"; readonly handle: number }
  | {
      readonly kind: "threw";
      readonly name: string;
      readonly message: string;
      readonly code?: string | undefined;
    }
  | { readonly kind: "refused"; readonly message: string };
