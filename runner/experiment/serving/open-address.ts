import { MANUAL_EXPERIMENT } from "../../../ledger/domain/design.ts";
import { MAIN_AGENT } from "../../../ledger/domain/window.ts";
import type { BudgetBook } from "../../gateway/budgets/budget-book.ts";
import { watchMinutes } from "../../gateway/budgets/watch-minutes.ts";
import { type Proxy, telemetryUrlOf } from "../../gateway/proxy/proxy.ts";
import type { ReplayServer } from "../../gateway/proxy/recording/replay.ts";
import type { Configuration, Provider } from "../../plan/config/configuration.ts";
import { agentIn, type Environment } from "../../platform/environment/environment.ts";
import type { KnownSecrets } from "../../platform/redaction/known-secrets.ts";
import { keyFields } from "../../tracker/windows/manual-window.ts";
import { routeOf, type Upstreams } from "../windows/attempt-route.ts";
import type { ManualWindows } from "./manual-windows.ts";
import type { ServedTelemetry } from "./served-telemetry.ts";

/** How the agent of one provider reaches the proxy. */
export interface AttemptAddress {
  readonly provider: string;
  /** The ledger records the agent's requests under this window. */
  readonly window: string;
  /** The agent's base URL. */
  readonly url: string;
  /** The agent's `HTTPS_PROXY`, if it has no setting for a base URL. */
  readonly proxyUrl: string;
  /** The agent's address for OpenTelemetry; null without `telemetry: otlp`. */
  readonly telemetryUrl: string | null;
}

export interface AddressParts {
  readonly configuration: Configuration;
  readonly environment: Environment;
  /** The window of the first provider. The others get the windows after it. */
  readonly window: string;
  /** Answers in place of every upstream; null if none does. */
  readonly replay: ReplayServer | null;
}

interface ServedParts {
  readonly book: BudgetBook;
  readonly windows: ManualWindows;
  readonly telemetry: ServedTelemetry;
  readonly proxy: Proxy;
  readonly upstreams: Upstreams;
  readonly secrets: KnownSecrets;
}

/** The command of manual windows. */
export const COMMAND = "/manual";

/** Opens a provider's attempt address, and the attempt in the budgets that its requests count in. */
export function addressOpener(
  { configuration, environment, window: first, replay }: AddressParts,
  { book, windows, telemetry, proxy, upstreams, secrets }: ServedParts,
) {
  const sessionId = environment.randomId();
  const held = secrets.hold();
  const agent = agentIn(environment) ?? MAIN_AGENT;
  return (provider: Provider, index: number) => {
    const window = windowAfter(first, index);
    const attempt = { window, attempt: 1, provider: provider.id, agent };
    const key = keyFields(attempt, "manual");
    book.openAttempt({ key, command: COMMAND, windowCap: null, isOpenEnded: true });
    const isReceiving = configuration.telemetry === "otlp";
    const take = isReceiving ? telemetry.open(attempt) : undefined;
    const { key: proxyKey, ...urls } = proxy.openAttempt({
      sessionId,
      experimentId: MANUAL_EXPERIMENT,
      ...routeOf({ configuration, upstreams }, provider, attempt),
      ...(agent === MAIN_AGENT ? {} : { windowAgent: agent }),
      ...(take === undefined
        ? {}
        : { takeTelemetry: async (line) => await take(secrets.redact(line)) }),
    });
    held.add([proxyKey]);
    // A replay is not real work: the vendor's readings in a recording say nothing about today.
    if (replay === null) {
      windows.open(attempt, {
        before: () => proxy.firstMetersOf(proxyKey),
        after: () => proxy.metersOf(proxyKey),
      });
    }
    const stopWatching = watchMinutes(book, key, (refusal) =>
      proxy.refuseAttempt(proxyKey, refusal),
    );
    const telemetryUrl = isReceiving ? telemetryUrlOf(urls) : null;
    return { address: { provider: provider.id, window, ...urls, telemetryUrl }, stopWatching };
  };
}

function windowAfter(first: string, index: number): string {
  if (index === 0) return first;
  return first.replace(/\d+$/u, (number) =>
    String(BigInt(number) + BigInt(index)).padStart(number.length, "0"),
  );
}
