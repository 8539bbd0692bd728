import { sum } from "simple-statistics";

import { groupSorted } from "../evidence/group-sorted.ts";
import type { ReportData } from "../report/report-data.ts";
import type { Connection } from "../report/traffic-data.ts";
import { formatCount } from "../text/number-text.ts";

/** What agents reached besides their models, and what they asked for in vain; by default with all hosts. */
export function networkLines(
  { network }: Pick<ReportData, "network">,
  hostsMax?: number,
): readonly string[] {
  const { mode, allowed, tunnelled } = network;
  const hosts = allowed.join(", ");
  return [
    ...(mode === "open" ? ["Network: open by choice, agents could reach every public host"] : []),
    ...(mode === "allowed-hosts" ? [`Network: agents could reach ${hosts}`] : []),
    blockedLine(network, hostsMax),
    ...(tunnelled.length === 0
      ? []
      : [
          `Tunnelled connections: ${countText(tunnelled)} (${hostsText(tunnelled, hostsMax)}), ${bytesText(tunnelled)}`,
        ]),
  ];
}

function blockedLine(network: ReportData["network"], hostsMax?: number): string {
  const { blocked, counted_windows: counted, unlimited_windows: unlimited } = network;
  const unknown = network.unknown_attempts;
  const whose = `attempt${unknown === 1 ? "" : "s"} whose end the harness did not see`;
  const lost = unknown === 0 ? "" : `unknown in ${unknown} ${whose}`;
  if (counted === 0 && blocked.length === 0) {
    const isKnown = lost === "" || unlimited > 0;
    const why = isKnown ? "not counted, because no agent ran in a sandbox" : lost;
    return `Blocked connections: ${why}`;
  }
  const hosts = blocked.length === 0 ? "" : ` (${hostsText(blocked, hostsMax)})`;
  const parts = [
    `${countText(blocked)}${lost === "" ? "" : " in all others"}${hosts}`,
    unlimited === 0
      ? ""
      : `not counted in ${unlimited} of ${counted + unlimited} windows, which had no sandbox`,
    lost,
  ];
  return `Blocked connections: ${parts.filter((part) => part !== "").join("; ")}`;
}

function countText(connections: readonly Connection[]): string {
  return formatCount(sum(connections.map(({ count }) => count)));
}

/** `sonnet: a.example:443 3 times, b.example:80; haiku: a.example:443`. */
function hostsText(connections: readonly Connection[], hostsMax = Infinity): string {
  const providers = groupSorted(connections, ({ provider }) => provider);
  return providers
    .map(([provider, own]) => {
      const named = own
        .toSorted((left, right) => right.count - left.count)
        .slice(0, hostsMax)
        .map(
          ({ host, port, count }) =>
            `${host}:${port}${count === 1 ? "" : ` ${formatCount(count)} times`}`,
        );
      const more = own.length - named.length;
      return `${provider}: ${[...named, ...(more === 0 ? [] : [`${more} more`])].join(", ")}`;
    })
    .join("; ");
}

function bytesText(tunnelled: ReportData["network"]["tunnelled"]): string {
  const [sent, received] = [
    sum(tunnelled.map(({ bytes_sent }) => bytes_sent)),
    sum(tunnelled.map(({ bytes_received }) => bytes_received)),
  ];
  return `${formatCount(sent)} bytes sent, ${formatCount(received)} received`;
}
