import { registerHooks } from "node:module";

/** Modules that no solution needs and that reach other processes or the network. */
const FORBIDDEN_MODULES: ReadonlySet<string> = new Set(
  [
    "child_process",
    "cluster",
    "dgram",
    "dns",
    "dns/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "inspector/promises",
    "net",
    "repl",
    "tls",
    "wasi",
    "worker_threads",
  ].flatMap((name) => [name, `node:${name}`]),
);
const FORBIDDEN_GLOBALS = ["fetch", "WebSocket", "EventSource"];

/**
 * Blocks what Node's permission model does not cover: signals (SIGUSR1 opens a debugger in another
 * process) and the network. Without bubblewrap it is the only obstacle, and a determined solution can pass it.
 */
export function restrainSolution(): void {
  const forbiddenOfProcess = [
    "kill",
    "_kill",
    "_debugProcess",
    "_debugEnd",
    "binding",
    "_linkedBinding",
    "dlopen",
    "getBuiltinModule",
  ];
  for (const name of forbiddenOfProcess) forbid(process, name);
  for (const name of FORBIDDEN_GLOBALS) forbid(globalThis, name);
  registerHooks({
    resolve: (specifier, context, nextResolve) => {
      if (FORBIDDEN_MODULES.has(specifier))
        throw new Error(`A solution may not import "${specifier}".`);
      return nextResolve(specifier, context);
    },
  });
}

function forbid(owner: object, name: string): void {
  // Otherwise Node loads what it is about to lose: WebSocket takes longer than the rest of a host's start.
  Reflect.deleteProperty(owner, name);
  Object.defineProperty(owner, name, { value: undefined, writable: false, configurable: false });
}
