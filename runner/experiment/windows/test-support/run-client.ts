import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { expect, onTestFinished } from "vitest";

import { tokensIn } from "../../../../ledger/domain/token-basis.ts";
import { sumUsage } from "../../../../ledger/domain/usage.ts";
import { driverNamed } from "../../../agents/drivers/registry.ts";
import { findBubblewrap } from "../../../agents/sandbox/find-bubblewrap.ts";
import { wrapAgent } from "../../../agents/sandbox/wrap-agent.ts";
import type { DialectName } from "../../../gateway/proxy/dialects/dialect.ts";
import type { Respond } from "../../../gateway/proxy/test-support/fake-upstream.ts";
import { proxyBefore } from "../../../gateway/proxy/test-support/proxy-under-test.ts";
import { TrafficTally } from "../../../gateway/traffic/attempt-traffic.ts";
import { processEnvironment } from "../../../platform/environment/environment.ts";
import { findExecutable } from "../../../platform/processes/find-executable.ts";
import { runAgentProcess } from "../../../platform/processes/run-agent-process.ts";
import { temporaryFolder } from "../../../platform/test-support/temporary-folder.ts";
import { nameProxy } from "../agent-network.ts";
import { composePrompt } from "../compose-prompt.ts";
import { decideUngraded } from "../decide-outcome.ts";
import { isHopeless } from "../watch-for-ends.ts";
import { MODEL, theTask } from "./scripted-task.ts";

const environment = processEnvironment();
const { variables, isRoot, clock } = environment;
export const LIMIT_MS = 240_000;
const LOOK_EVERY_MS = 200;

export interface Client {
  readonly name: string;
  readonly command: string;
  readonly dialect?: DialectName;
}

export const CLIENTS: readonly Client[] = [
  { name: "claude-code", command: "claude" },
  { name: "codex", command: "codex" },
  { name: "opencode", command: "opencode" },
  { name: "gemini", command: "gemini" },
  { name: "qwen", command: "qwen" },
  { name: "pi", command: "pi" },
];

export const OTHER_DIALECTS: readonly Client[] = [
  { name: "opencode", command: "opencode", dialect: "openai-responses" },
  { name: "opencode", command: "opencode", dialect: "openai-chat" },
  { name: "qwen", command: "qwen", dialect: "openai-responses" },
  { name: "qwen", command: "qwen", dialect: "anthropic-messages" },
  { name: "pi", command: "pi", dialect: "openai-responses" },
  { name: "pi", command: "pi", dialect: "openai-chat" },
];

const bubblewrap = await findBubblewrap(environment);
const missing = new Set<string>();
for (const { command } of CLIENTS) {
  if ((await findExecutable(command, variables["PATH"])) === undefined) missing.add(command);
}

/** In continuous integration a missing part fails the test. Elsewhere it is skipped by its name. */
export function lacking({ command }: Client): boolean {
  if (variables["CI"] === "true") return false;
  return bubblewrap === undefined || missing.has(command);
}

export function titled(clients: readonly Client[]) {
  return clients.map((client): [string, Client] => {
    const name = client.dialect === undefined ? client.name : `${client.name} by ${client.dialect}`;
    return [
      lacking(client) ? `${name}, which needs bubblewrap and ${client.command}` : name,
      client,
    ];
  });
}

interface Limits {
  /** Milliseconds that the harness counts besides those that pass. */
  readonly skippedMs?: () => number;
  readonly outputBytesMax?: number;
  /** The client is stopped when so many requests are settled. */
  readonly requestsMax?: number;
  /** Whether the attempt's budget is spent from the start. */
  readonly isRefused?: boolean;
}

/** Lets a client work on a task in the sandbox, behind the proxy. */
export async function runClient(client: Client, upstream: string | Respond, limits: Limits = {}) {
  const opened = await openAttempt(upstream, limits);
  const { proxy, events, key } = opened;
  const base = temporaryFolder();
  const place = { cwd: path.join(base, "work"), home: path.join(base, "home") };
  mkdirSync(path.join(place.home, "tmp"), { recursive: true });
  mkdirSync(place.cwd);
  const { driver, commandLine } = await confined(client, opened, place);
  const capture = path.join(base, "capture.jsonl");
  const watched = watch(opened, limits);
  const end = await runAgentProcess({
    commandLine,
    cwd: place.cwd,
    capture,
    clock: {
      nowMs: () => clock.nowMs(),
      monotonicMs: () => clock.monotonicMs() + (limits.skippedMs?.() ?? 0),
    },
    marker: `cb-conformance-${key}`,
    wallLimitMs: LIMIT_MS,
    idleLimitMs: 2 * LIMIT_MS,
    outputBytesMax: limits.outputBytesMax ?? 100_000_000,
    secrets: [key],
    isWrapped: true,
    signal: watched.signal,
  });
  const report = (await driver.readReport?.({ capture, home: place.home }))?.value ?? {};
  const isReportedFailed = report.hasFailed === true;
  const known = { isInterrupted: false, refusal: null, end, isReportedFailed, lastLine: "" };
  return {
    end,
    cwd: place.cwd,
    home: place.home,
    capture,
    events: events.filter(({ kind }) => kind === "model"),
    key,
    connections: proxy.connectionsOf(key),
    report,
    verdict: decideUngraded({ ...watched.read(), ...known }),
    isHomeAlone: () => readdirSync(base).toSorted().join() === "capture.jsonl,home,work",
  };
}

/** A proxy before an upstream, with one attempt. */
async function openAttempt(upstream: string | Respond, { isRefused }: Limits) {
  const isServer = typeof upstream === "string";
  const { proxy, route, events } = await proxyBefore(isServer ? () => undefined : upstream);
  const auth = { mode: "key", key: "scripted", header: "bearer" } as const;
  const named = isServer ? { upstream: { name: "scripted", auth, baseUrl: upstream } } : {};
  const { key, url, proxyUrl } = proxy.openAttempt(route({ network: "closed", ...named }));
  const sentence = "Spending cap of implement reached. This run is over.";
  if (isRefused === true) proxy.refuseAttempt(key, { budget: "implement", sentence });
  return { proxy, events, key, url, proxyUrl };
}

type Opened = Awaited<ReturnType<typeof openAttempt>>;

const probes = new Map<string, ReturnType<ReturnType<typeof driverNamed>["probe"]>>();

/** The client's command line in the sandbox, its settings written. */
async function confined(
  { name, dialect }: Client,
  { proxy, key, url, proxyUrl }: Opened,
  { cwd, home }: { readonly cwd: string; readonly home: string },
) {
  if (bubblewrap === undefined) throw new Error("Bubblewrap is not on the PATH.");
  const driver = driverNamed(name);
  const asked = probes.get(name) ?? driver.probe(environment);
  probes.set(name, asked);
  const probe = await asked;
  if (!probe.ready) throw new Error(probe.lacks);
  expect(probe.version).toBe(driver.tested);
  const { executable } = probe;
  const asks = { home, prompt: composePrompt(theTask()), model: MODEL };
  const line = driver.commandLine(
    { ...asks, proxyUrl: url, proxyKey: key, ...(dialect === undefined ? {} : { dialect }) },
    { executable, isRoot, variables },
  );
  for (const [file, text] of Object.entries(line.files ?? {})) {
    mkdirSync(path.dirname(path.join(home, file)), { recursive: true });
    writeFileSync(path.join(home, file), text);
  }
  const commandLine = wrapAgent(nameProxy(line, proxyUrl), {
    bubblewrap,
    cwd,
    home,
    hidden: [],
    origin: proxy.origin,
    installation: driver.installation(executable),
    socket: await proxy.openSocket(key),
  });
  return { driver, commandLine };
}

/** Counts the attempt's requests, and ends an attempt that is in vain. */
function watch({ proxy, key, events }: Opened, { requestsMax = Infinity }: Limits) {
  const tally = new TrafficTally(clock.monotonicMs(), { upstream: "scripted", model: MODEL });
  const stop = new AbortController();
  const limitResetsAtMs = () => proxy.limitResetOf(key);
  let seen = 0;
  const take = () => {
    for (const event of events.slice(seen)) tally.add(event, clock.monotonicMs());
    seen = events.length;
    if (seen >= requestsMax || isHopeless(tally, limitResetsAtMs, clock)) stop.abort();
  };
  const looks = setInterval(take, LOOK_EVERY_MS);
  onTestFinished(() => clearInterval(looks));
  const read = () => {
    take();
    return tally.read();
  };
  return { signal: stop.signal, read };
}

interface Counted {
  readonly usage: Parameters<typeof sumUsage>[0][number] | null;
}

export function tokensOf(requests: readonly Counted[]) {
  const usage = sumUsage(requests.flatMap((request) => request.usage ?? []));
  return { all: tokensIn("all", usage), output: usage.output ?? 0, requests: requests.length };
}
