import type { FileSystem } from "../file-system.ts";

/** The file system with one call replaced. */
export function withCall<Name extends keyof FileSystem>(
  process: FileSystem,
  name: Name,
  call: FileSystem[Name],
): FileSystem {
  return new Proxy<FileSystem>(process, {
    get: (_, key) => {
      if (key === name) return call;
      const value: unknown = Reflect.get(process, key, process);
      return typeof value === "function" ? value.bind(process) : value;
    },
  });
}

export function fail(code: string): never {
  throw Object.assign(new Error(`${code}: simulated`), { code });
}
