import { statSync } from "node:fs";

import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { TelemetryTally } from "../../gateway/otlp/telemetry-tally.ts";
import type { Authority } from "../../gateway/proxy/mitm/authority.ts";
import { policyFor } from "../../gateway/proxy/network/network-policy.ts";
import { type Proxy, telemetryUrlOf } from "../../gateway/proxy/proxy.ts";
import type { AttemptTraffic } from "../../gateway/traffic/attempt-traffic.ts";
import type { Configuration } from "../../plan/config/configuration.ts";
import { requireSandbox } from "../../plan/providers/require-sandbox.ts";
import type { Environment } from "../../platform/environment/environment.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";
import { runAgentProcess } from "../../platform/processes/run-agent-process.ts";
import type { KnownSecrets } from "../../platform/redaction/known-secrets.ts";
import { secretsIn } from "../../platform/redaction/redact.ts";
import { confine, resolveCommandLine } from "./agent-command-line.ts";
import type { AgentJob, AgentRecord, RunAgent } from "./agent-job.ts";
import { captureFile, describeLog, hideLogin } from "./agent-log.ts";
import { describeReach, watchTunnels } from "./agent-network.ts";
import { agentFolder } from "./agent-room.ts";
import { routeOf, type Upstreams } from "./attempt-route.ts";
import { type LentLogin, lendLogin } from "./lend-login.ts";
import { runLimited, windowLimitMs } from "./limit-agent.ts";
import { noticeLeftOut } from "./notice-left-out.ts";
import { watchForEnds } from "./watch-for-ends.ts";
import { windowKey } from "./window-worker.ts";

/** What runs of agents share in one session. */
export interface AgentParts {
  readonly configuration: Configuration;
  readonly proxy: Proxy;
  readonly book: BudgetBook;
  readonly traffic: AttemptTraffic;
  readonly upstreams: Upstreams;
  /** Opens TLS in place of vendors' hosts. */
  readonly authority: () => Promise<Authority>;
  /** Folders that a sandbox hides wherever they are: bank, ledger, all workspaces. */
  readonly hidden: readonly string[];
  readonly captures: string;
  /** The folder for what agents print, below that of the captures. */
  readonly logs: string;
  /** What output and work must not hold. */
  readonly secrets: KnownSecrets;
  readonly environment: Environment;
  /** Aborted: the run ends without graces. */
  readonly atOnce: AbortSignal;
}

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
/** A refused client ends by itself; one that still runs after this time is ended. */
const REFUSAL_GRACE_MS = 3000;

/** Makes what runs the agents of a session. */
export function agentRunner(parts: AgentParts): RunAgent {
  return async (job, signal) => {
    const { ready, workspace, held } = job;
    const sinceMs = statSync(workspace.home).ctimeMs;
    const capture = captureFile(parts.logs, job);
    const login = await lendLogin(ready, workspace.home, parts.environment);
    held.add(login.secrets());
    const [run] = await Promise.allSettled([runWithLogin(parts, { job, login, capture }, signal)]);
    const ofLogin = await login.end();
    const secrets = login.secrets();
    held.add(secrets);
    const hidden = await hideLogin({ secrets, capture, workspace, sinceMs }, signal);
    if (run.status === "rejected") throw run.reason;
    const log = await describeLog(parts.captures, capture);
    return { ...run.value, log, noticed: [...run.value.noticed, ...ofLogin, ...hidden] };
  };
}

interface PreparedJob {
  readonly job: AgentJob;
  readonly login: LentLogin;
  readonly capture: string;
}

async function runWithLogin(
  parts: AgentParts,
  prepared: PreparedJob,
  signal: AbortSignal,
): Promise<Omit<AgentRecord, "log">> {
  const { proxy, book, traffic, environment } = parts;
  const { job, capture } = prepared;
  const { driver } = job.ready;
  const opened = await openAttempt(parts, prepared);
  const { key, budget, tally, telemetry, address } = opened;
  const ends = watchForEnds(
    { proxy, book, clock: environment.clock },
    { key, opened: address, tally },
  );
  try {
    const line = await prepareLine(parts, prepared, opened);
    job.began();
    const stop = AbortSignal.any([signal, ends.signal, afterGrace(opened.refused)]);
    const ran = await runLine(parts, { job, capture, opened, line }, stop);
    const meters = proxy.metersOf(address.key);
    const limitResetsAtMs = proxy.limitResetOf(address.key);
    const reach = describeReach(opened.network, proxy.connectionsOf(address.key));
    const read = await driver.readReport?.({ capture, home: job.workspace.home }, { signal });
    const noticed = noticeLeftOut("The agent's own report was not read", read?.leftOut ?? []);
    const told = { report: read?.value ?? {}, noticed };
    const measured = { budget, meters, limitResetsAtMs, tally, telemetry, ...told, ...reach };
    return { ...measured, ...ran, isolation: line.isWrapped ? "bubblewrap" : "none" };
  } finally {
    ends.stop();
    await proxy.closeAttempt(address.key);
    book.closeAttempt(key);
    traffic.unwatch(key);
  }
}

/** Opens the attempt in the budgets and in the proxy. Its requests belong to the window, whoever works. */
async function openAttempt(parts: AgentParts, { job, login }: PreparedJob) {
  const { configuration, proxy, book, traffic } = parts;
  const { order, task, ready, workspace } = job;
  const { provider } = ready;
  const { command, role, roleCap, windowCap } = job.work;
  const turn = job.turn === undefined ? {} : { turn: job.turn };
  const key = { ...windowKey(order), ...turn };
  const budget = book.openAttempt({ key, command, role, roleCap, windowCap });
  const refused = new AbortController();
  const tally = traffic.watch(key, () => refused.abort(), provider);
  const telemetry = configuration.telemetry === "otlp" ? new TelemetryTally() : null;
  const network = policyFor(configuration.network, task.allowedHosts);
  const { renewals } = login;
  const address = proxy.openAttempt({
    sessionId: order.sessionId,
    experimentId: order.experimentId,
    ...routeOf(parts, provider, key),
    provider: order.planned.provider,
    ...turn,
    network,
    isIntercepted: provider.via === "mitm",
    folder: workspace.base,
    ...(telemetry === null ? {} : { takeTelemetry: (line: string) => telemetry.take(line) }),
    ...(renewals && { renewals: { ...renewals, authority: await parts.authority() } }),
  });
  job.held.add([address.key]);
  return { key, budget, refused: refused.signal, tally, telemetry, network, address };
}

type OpenedAttempt = Awaited<ReturnType<typeof openAttempt>>;

interface AgentLine {
  readonly commandLine: CommandLine;
  /** Whether it runs the agent in a sandbox. */
  readonly isWrapped: boolean;
}

async function prepareLine(
  { configuration, environment, authority, proxy, hidden }: AgentParts,
  { job, login }: PreparedJob,
  { telemetry, address: opened, network }: OpenedAttempt,
): Promise<AgentLine> {
  const { ready, workspace, prompt, task } = job;
  const telemetryUrl = telemetry === null ? null : telemetryUrlOf(opened);
  const assigned = { ready, workspace, prompt, opened, login, telemetryUrl };
  const bare = await resolveCommandLine(assigned, { authority, environment });
  // Some agents hand their variables on to programs that print them.
  job.held.add(secretsIn(bare.env));
  const bubblewrap = await requireSandbox(configuration, environment);
  const reach = { opened, proxy, network, environment };
  const walls = { bubblewrap, task, workspace, ready, hidden, ...reach };
  return { commandLine: await confine(bare, walls), isWrapped: bubblewrap !== undefined };
}

interface PreparedLine {
  readonly job: AgentJob;
  readonly capture: string;
  readonly opened: OpenedAttempt;
  readonly line: AgentLine;
}

async function runLine(
  { configuration, environment: { clock }, proxy, secrets, atOnce }: AgentParts,
  { job, capture, opened: { address, tally }, line }: PreparedLine,
  signal: AbortSignal,
) {
  const { task, workspace } = job;
  const lastTunnelMs = watchTunnels(
    () => proxy.connectionsOf(address.key),
    () => clock.monotonicMs(),
  );
  const marker = markerOf(job);
  return await runLimited(
    configuration.resources,
    marker,
    async (limit) =>
      await runAgentProcess({
        commandLine: limit(line.commandLine),
        isWrapped: line.isWrapped,
        cwd: agentFolder(task, workspace),
        marker,
        wallLimitMs: job.wallLimitMs ?? windowLimitMs(configuration, task),
        idleLimitMs: configuration.limits.idleMs,
        outputBytesMax: OUTPUT_BYTES_MAX,
        capture,
        secrets: secrets.inOutput(),
        clock,
        lastActivityMs: () =>
          proxy.inFlightOf(address.key) > 0
            ? clock.monotonicMs()
            : Math.max(tally.lastActivityMs(), lastTunnelMs()),
        signal,
        atOnce,
      }),
  );
}

/** An attempt's end sweeps its turns too. */
function markerOf({ order: { marker }, turn }: AgentJob): string {
  return turn === undefined ? marker : `${marker}.t${String(turn)}`;
}

/** A signal that fires a grace time after another one. */
function afterGrace(refused: AbortSignal): AbortSignal {
  const stop = new AbortController();
  refused.addEventListener("abort", () => {
    setTimeout(() => stop.abort(), REFUSAL_GRACE_MS).unref();
  });
  return stop.signal;
}
