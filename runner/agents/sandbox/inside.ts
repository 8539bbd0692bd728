import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { constants } from "node:os";
import { pathToFileURL } from "node:url";

/**
 * The first program in an agent's sandbox. It listens on the loopback port that the proxy has outside, and
 * passes every byte to the proxy's Unix socket. It starts the agent and ends as the agent ends. Its stdin
 * is open for as long as the harness lives, and everything in the sandbox ends with it.
 * Arguments: the port, the socket, the agent's program and its arguments. Instead of a program, `module` runs
 * the module that follows in this process, which saves a start of Node.
 */
const [port = "", socket = "", file = "", ...args] = process.argv.slice(2);
const SIGNALLED = 128;

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const proxy = connect({ path: socket, allowHalfOpen: true });
  if (file === "module") for (const end of [client, proxy]) end.unref();
  client.on("error", () => proxy.destroy()).on("close", () => proxy.destroy());
  proxy.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.pipe(proxy);
  proxy.pipe(client);
});

process.stdin.on("end", () => process.exit(SIGNALLED)).resume();

server.listen(Number(port), "127.0.0.1", () => {
  if (file === "module") void runModule();
  else startAgent();
});

/** Only the module keeps this process alive. */
async function runModule(): Promise<void> {
  const [name = ""] = args;
  server.unref();
  process.stdin.unref();
  process.argv = [process.execPath, ...args];
  await import(pathToFileURL(name).href);
}

function startAgent(): void {
  const agent = spawn(file, args, { stdio: ["ignore", "inherit", "inherit"] });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => agent.kill(signal));
  }
  agent.on("error", ({ message }) => {
    process.stderr.write(`The agent could not be started in its sandbox: ${message}\n`);
    process.exit(SIGNALLED - 1);
  });
  agent.on("exit", (code, signal) => {
    process.exit(signal === null ? (code ?? 0) : SIGNALLED + constants.signals[signal]);
  });
}
