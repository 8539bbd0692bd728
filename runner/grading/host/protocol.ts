/** What an argument that lives in the host replaces: `path` leads to it from the list of arguments. */
export interface HandleAt {
  readonly path: readonly (string | number)[];
  readonly handle: number;
}

/** What a double does when it is called: it gives the value back, or throws the error. */
export type Answer =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "error"; readonly name: string; readonly message: string };

/** `target` is the handle of an object, or `null` for the solution's module. */
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

export type HostReply =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "handle"; readonly handle: number }
  | {
      readonly kind: "threw";
      readonly name: string;
      readonly message: string;
      readonly code?: string | undefined;
    }
  | { readonly kind: "refused"; readonly message: string };
