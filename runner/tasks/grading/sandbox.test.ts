import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { processEnvironment } from "../../platform/environment/environment.ts";
import { type Sandbox, chooseSandbox } from "./sandbox.ts";

const environment = processEnvironment();
const sandbox = await chooseSandbox(environment);
const bare = await chooseSandbox({ ...environment, variables: {} });

let folder = "";
let server: Server | undefined;

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), "sandbox-")));
  const { promise, resolve } = Promise.withResolvers<void>();
  server = createServer((socket) => socket.end()).listen(0, "127.0.0.1", resolve);
  await promise;
});

afterAll(() => {
  server?.close();
  rmSync(folder, { recursive: true });
});

/** What a module prints that runs in a sandbox. */
function run(module: string, chosen: Sandbox): string {
  const file = path.join(folder, "module.mjs");
  writeFileSync(file, module);
  const [command = "", ...args] = chosen.commandLine({ readable: [folder], args: [file] });
  return execFileSync(command, args, {
    encoding: "utf8",
    timeout: 240_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
}

function port(): number {
  const address = server?.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

test.each([{ chosen: sandbox }, { chosen: bare }])(
  "a sandbox by $chosen.isolation reads its folder and no other, writes nothing and has no variables",
  ({ chosen }) => {
    const attempts = `import { readFileSync, writeFileSync } from "node:fs";
      import { spawnSync } from "node:child_process";
      const attempt = (act) => { try { act(); return "done"; } catch (error) { return error.code; } };
      console.log(JSON.stringify([
        attempt(() => readFileSync(import.meta.filename)),
        attempt(() => readFileSync("/etc/passwd")),
        attempt(() => writeFileSync(import.meta.dirname + "/new", "")),
        attempt(() => spawnSync("/bin/true")),
        Object.keys(process.env),
      ]));`;
    expect(JSON.parse(run(attempts, chosen))).toEqual([
      "done",
      "ERR_ACCESS_DENIED",
      "ERR_ACCESS_DENIED",
      "ERR_ACCESS_DENIED",
      [],
    ]);
  },
);

test.runIf(sandbox.isolation === "bubblewrap")(
  "bubblewrap leaves no network and no other process",
  () => {
    const connecting = `import { connect } from "node:net";
    const socket = connect(${port()}, "127.0.0.1");
    socket.on("connect", () => { console.log("connected"); process.exit(); });
    socket.on("error", (error) => console.log(error.code, process.ppid < 5));`;
    expect(run(connecting, bare)).toBe("connected\n");
    expect(run(connecting, sandbox)).toBe("ECONNREFUSED true\n");
  },
);

test("where there is no bubblewrap, or one that does not work, Node's permissions remain", async () => {
  expect(bare.isolation).toBe("permissions");
  const broken = path.join(folder, "bwrap");
  writeFileSync(broken, "#!/bin/sh\nexit 1\n");
  chmodSync(broken, 0o755);
  const chosen = await chooseSandbox({ ...environment, variables: { PATH: folder } });
  expect(chosen.isolation).toBe("permissions");
});
