import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import type { AgentAssignment, Driver } from "../../agents/drivers/driver.ts";
import { driverNamed } from "../../agents/drivers/registry.ts";
import { findBubblewrap } from "../../agents/sandbox/find-bubblewrap.ts";
import { wrapAgent } from "../../agents/sandbox/wrap-agent.ts";
import { type Authority, openAuthority } from "../../gateway/proxy/mitm/authority.ts";
import { VENDOR_HOSTS } from "../../gateway/proxy/mitm/intercept.ts";
import type { AttemptKey } from "../../gateway/proxy/proxy.ts";
import { proxyBefore } from "../../gateway/proxy/test-support/proxy-under-test.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { packageFolder } from "../../platform/environment/package-folder.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { findExecutable } from "../../platform/processes/find-executable.ts";
import { runAgentProcess } from "../../platform/processes/run-agent-process.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { ModelProfile } from "../../rehearsal/profile.ts";
import { readTaskScript } from "../../rehearsal/read-task-script.ts";
import { startScriptedModel } from "../../rehearsal/scripted-model.ts";
import { loadTaskBank } from "../../tasks/bank/load-task-bank.ts";
import { loadVariants } from "../../tasks/bank/load-variants.ts";
import { requireGherkin } from "../../tasks/bank/require-gherkin.ts";
import { nameProxy } from "./agent-network.ts";
import { composePrompt } from "./compose-prompt.ts";

const environment = processEnvironment();
const { variables, isRoot, clock } = environment;
const MODEL = "model-one";
const LIMIT_MS = 240_000;
const LIMITS = {
  wallLimitMs: LIMIT_MS,
  idleLimitMs: LIMIT_MS,
  outputBytesMax: 100_000_000,
  isWrapped: true,
  signal: new AbortController().signal,
};
const SEARCHED = variables["PATH"];
const COMMANDS: Readonly<Record<string, string>> = { "claude-code": "claude", codex: "codex" };
const installed = await Promise.all(
  Object.values(COMMANDS).map(async (name) => await findExecutable(name, SEARCHED)),
);
const bubblewrap = await findBubblewrap(environment);
/** In continuous integration a missing part fails the test. */
const isReady = bubblewrap !== undefined && !installed.includes(undefined);
const lacks =
  isReady || variables["CI"] === "true" ? "" : ", which needs bubblewrap and the clients";

/** What our drivers switch off: updates, telemetry, settings, plugins. */
const QUIET = /^(?:CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC|DISABLE_\w+)$/u;
const QUIET_SETTINGS =
  /^(?:check_for_update_on_startup|analytics\.enabled|features\.plugins) .*\n/gmu;

/** Its plugins come from GitHub, by git or by an archive. */
const CODEX_HOSTS = ["ab.chatgpt.com", "api.github.com", "chatgpt.com", "github.com"];

test.skipIf(lacks !== "").each([
  { name: "claude-code", via: "base-url", hosts: ["api.anthropic.com"] },
  { name: "claude-code", via: "mitm", hosts: ["api.anthropic.com"] },
  { name: "codex", via: "base-url", hosts: CODEX_HOSTS },
  { name: "codex", via: "mitm", hosts: CODEX_HOSTS },
])(
  `a client as its vendor ships it works in the sandbox: $name by $via${lacks}`,
  async (client) => {
    const { end, connections, events } = await run(client);
    expect(end).toMatchObject({ endedBy: "itself", exitCode: 0, unkilled: 0 });
    const models = events.filter(({ kind }) => kind === "model");
    expect(new Set(models.map(({ status }) => status))).toEqual(new Set([200]));
    // What an intercepted client asks its vendor besides models is refused, and counts as a connection.
    const others = events.filter(({ kind }) => kind !== "model");
    const refused = others.filter(({ error }) => error === "not_for_a_model");
    expect(refused.length > 0).toBe(client.via === "mitm");
    // Codex reads the list of models, too.
    const passed = others.length - refused.length;
    expect(passed > 0).toBe(client.name === "codex" && client.via === "mitm");
    const blocked = connections?.blocked.map(({ host, port }) => `${host}:${String(port)}`);
    expect(blocked?.toSorted()).toEqual(client.hosts.map((host) => `${host}:443`));
    expect(connections?.tunnelled).toEqual([]);
  },
);

/** Lets a client work on a task, with everything that our drivers switch off switched on. */
async function run({ name, via }: { readonly name: string; readonly via: string }) {
  if (bubblewrap === undefined) throw new Error("Bubblewrap is not on the PATH.");
  const driver = driverNamed(name);
  const executable = (await findExecutable(COMMANDS[name] ?? "", SEARCHED)) ?? "";
  const authority = await openAuthority(temporaryFolder(), clock);
  const interception = { authority, hosts: VENDOR_HOSTS };
  const { proxy, route, events } = await proxyBefore(() => undefined, { interception });
  const { prompt, upstream } = await scripted();
  const opened = proxy.openAttempt(
    route({ upstream, isIntercepted: via === "mitm", network: "closed" }),
  );
  const base = temporaryFolder();
  const [home, cwd] = ["home", "work"].map((folder) => path.join(base, folder));
  if (home === undefined || cwd === undefined) throw new Error("There is no folder.");
  mkdirSync(path.join(home, "tmp"), { recursive: true });
  mkdirSync(cwd);
  const assignment = { home, prompt, model: MODEL, proxyUrl: opened.url, proxyKey: opened.key };
  const trusted = via === "mitm" ? { interception: trust(authority, home, opened) } : {};
  const line = talkative(driver, { ...assignment, ...trusted }, executable);
  const commandLine = wrapAgent(nameProxy(line, opened.proxyUrl), {
    bubblewrap,
    cwd,
    home,
    hidden: [],
    origin: proxy.origin,
    installation: driver.installation(executable),
    socket: await proxy.openSocket(opened.key),
  });
  const capture = path.join(base, "capture.jsonl");
  const marker = `cb-real-client-${opened.key}`;
  const end = await runAgentProcess({ ...LIMITS, commandLine, cwd, marker, capture, clock });
  return { end, events, connections: proxy.connectionsOf(opened.key) };
}

async function scripted() {
  const [task] = loadTaskBank(path.join(packageFolder(), "task-bank"), ["lru-cache"]);
  if (task === undefined) throw new Error("The bank has no such task.");
  const server = await startScriptedModel({
    seed: "spec",
    profiles: { [MODEL]: ModelProfile.parse({}) },
    scripts: [readTaskScript(requireGherkin(task), loadVariants(task))],
    clock,
  });
  onTestFinished(() => server.stop());
  const auth = { mode: "key", key: "scripted", header: "x-api-key" } as const;
  const upstream = { name: "scripted", baseUrl: server.url, auth };
  return { prompt: composePrompt(task), upstream };
}

function trust(authority: Authority, home: string, { proxyUrl }: AttemptKey) {
  const [certificateFile, bundleFile] = [path.join(home, "ca.pem"), path.join(home, "all.pem")];
  copyFileSync(authority.certificateFile, certificateFile);
  copyFileSync(authority.bundleFile, bundleFile);
  return { proxyUrl, certificateFile, bundleFile };
}

/** The driver's command line without what keeps the client quiet, and its files in its home. */
function talkative(driver: Driver, assignment: AgentAssignment, executable: string): CommandLine {
  const line = driver.commandLine(assignment, { executable, isRoot, variables });
  for (const [name, text] of Object.entries(line.files ?? {})) {
    writeFileSync(path.join(assignment.home, name), text.replaceAll(QUIET_SETTINGS, ""));
  }
  const env = Object.fromEntries(Object.entries(line.env).filter(([name]) => !QUIET.test(name)));
  return { ...line, env };
}
