/** The folder of the instrumented solution and, by name, its files without their types. */
export interface StrippedSolution {
  readonly solution: string;
  readonly files: Readonly<Record<string, string>>;
}

/** A request to the thread of a mutant. Each gets one answer, as bytes, in turn. */
export type ThreadRequest =
  | { readonly kind: "load"; readonly module: string; readonly mutant: string | null }
  | { readonly kind: "request"; readonly payload: Uint8Array };
