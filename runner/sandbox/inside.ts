import { spawn } from "node:child_process";
import { connect, createServer } from "node:net";
import { constants } from "node:os";

/**
 * The first program in an agent's sandbox. It listens on the loopback port that the proxy has outside, and
 * passes every byte to the proxy's Unix socket. It starts the agent and ends as the agent ends. Its stdin
 * is open for as long as the harness lives, and everything in the sandbox ends with it.
 * Arguments: the port, the socket, the agent's program and its arguments.
 */
const [port = "", socket = "", file = "", ...args] = process.argv.slice(2);
const SIGNALLED = 128;

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const proxy = connect({ path: socket, allowHalfOpen: true });
  client.on("error", () => proxy.destroy()).on("close", () => proxy.destroy());
  proxy.on("error", () => client.destroy()).on("close", () => client.destroy());
  client.pipe(proxy);
  proxy.pipe(client);
});

process.stdin.on("end", () => process.exit(SIGNALLED)).resume();

server.listen(Number(port), "127.0.0.1", () => {
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
});
