import { sum } from "simple-statistics";

import type { WindowNetwork } from "../../../ledger/domain/window.ts";
import { proxyVariables } from "../../agents/drivers/agent-variables.ts";
import type { Connections } from "../../gateway/proxy/network/connection-log.ts";
import type { NetworkPolicy } from "../../gateway/proxy/network/network-policy.ts";
import type { CommandLine } from "../../platform/processes/command-line.ts";

/**
 * Tells a sandboxed agent's programs where the proxy is. Those that honour it get an answer at once, and
 * the proxy counts what they asked for.
 * @param trusting names the authorities of a company's network.
 */
export function nameProxy(
  commandLine: CommandLine,
  proxyUrl: string,
  trusting: CommandLine["env"] = {},
): CommandLine {
  const env = { ...proxyVariables(proxyUrl), ...trusting, ...commandLine.env };
  return { ...commandLine, env };
}

/**
 * What the agent of a window could reach besides its models, and what it asked for.
 * @param connections null if nothing held its connections back.
 */
export function describeReach(
  policy: NetworkPolicy,
  connections: Connections | null,
): { readonly network: WindowNetwork; readonly connections: Connections } {
  if (connections === null) return { network: "unlimited", connections: NO_CONNECTIONS };
  const network = typeof policy === "string" ? policy : "allowed-hosts";
  return { network, connections };
}

const NO_CONNECTIONS: Connections = { blocked: [], tunnelled: [] };

/**
 * When bytes last went through an agent's tunnels, on a monotonic clock; 0 before the first. It compares
 * the counts of one call with those of the call before.
 */
export function watchTunnels(read: () => Connections | null, nowMs: () => number): () => number {
  let seen = 0;
  let lastMs = 0;
  return () => {
    const { tunnelled } = read() ?? NO_CONNECTIONS;
    const bytes = sum(tunnelled.map((one) => one.bytes_sent + one.bytes_received));
    if (bytes !== seen) lastMs = nowMs();
    seen = bytes;
    return lastMs;
  };
}
