import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { claudeCode } from "../../../agents/drivers/claude-code.ts";
import { codex, codexTelemetry } from "../../../agents/drivers/codex.ts";
import {
  chooseProviders,
  refuseUnnumbered,
  refuseWithoutKeys,
} from "../../../experiment/serving/choose-providers.ts";
import type { AttemptAddress } from "../../../experiment/serving/open-address.ts";
import { type ServedProxy, serveProxy } from "../../../experiment/serving/serve-proxy.ts";
import { openJournal } from "../../../experiment/spending/journal.ts";
import type { Authority } from "../../../gateway/proxy/mitm/authority.ts";
import {
  openRecording,
  openReplay,
  readReplayed,
  refuseOddRecordings,
} from "../../../gateway/proxy/recording/open-recording.ts";
import type { Provider } from "../../../plan/config/configuration.ts";
import { loadConfiguration } from "../../../plan/config/load-configuration.ts";
import { refuseUnreachable } from "../../../plan/providers/check-network.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { createDataFolder, locateDataFolder } from "../../../platform/environment/data-folder.ts";
import { useLedger } from "../../../platform/environment/use-ledger.ts";
import type { CodeOf } from "../../definition.ts";
import { untilInterrupted } from "../../display/until-interrupted.ts";
import { done } from "../../result.ts";
import type { proxy as definition } from "./definition.ts";

const PORT_MAX = 65_535;

/** Serves until it is interrupted. Every request is metered, budgeted and recorded. */
export const proxy: CodeOf<typeof definition> = async (options, environment) => {
  const configuration = loadConfiguration(options, environment);
  const providers = chooseProviders(configuration.providers, options.provider);
  // A replay sends nothing to a vendor, so it needs no key and no way out.
  if (options.replay === undefined) {
    refuseWithoutKeys(providers, environment);
    refuseUnreachable(configuration, environment);
  }
  refuseUnnumbered(options.window, providers.length);
  refuseOddRecordings(options);
  const port = readPort(options.port);
  const folder = locateDataFolder(options.dataDir, environment);
  createDataFolder(folder);
  return await useLedger(folder, environment, async (store) => {
    const served = await serveProxy({
      configuration,
      folder,
      providers,
      isIntercepting: options.mitm === true,
      recorder: openRecording(options, environment),
      replay: await openReplay(readReplayed(options, environment), options, (sentence) => {
        environment.stderr.write(`${toPlainLine(sentence)}\n`);
      }),
      window: options.window,
      journal: openJournal(store, () => undefined),
      store,
      environment,
      port,
    });
    try {
      environment.stdout.write(describeAddresses(served, providers));
      await untilInterrupted(environment);
    } finally {
      await served.close();
    }
    return done("");
  });
};

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= PORT_MAX) return port;
  throw new ConfigurationError(`--port ${text}: expected a port from 1 to ${String(PORT_MAX)}.`);
}

/** The settings with which the agent of each provider is started. */
function describeAddresses(
  { addresses, authority }: ServedProxy,
  providers: readonly Provider[],
): string {
  const lines = addresses.map(({ provider, window, url }) => `${provider} (${window}): ${url}`);
  return [
    "The proxy is open. Give an agent its provider's address as ANTHROPIC_BASE_URL; for an OpenAI-style client add /v1.",
    ...lines,
    ...(authority === null ? [] : describeInterception(addresses, authority)),
    ...describeTelemetry(addresses, providers),
    "Ctrl-C closes it. Its status: experiment proxy status",
    "",
  ].join("\n");
}

/** For agents that have no setting for an address. */
function describeInterception(
  addresses: readonly AttemptAddress[],
  { certificateFile, bundleFile }: Authority,
): readonly string[] {
  return [
    `Or set NODE_EXTRA_CA_CERTS=${certificateFile} SSL_CERT_FILE=${bundleFile} and HTTPS_PROXY to:`,
    ...addresses.map(({ provider, proxyUrl }) => `${provider} by HTTPS_PROXY: ${proxyUrl}`),
  ];
}

/** For agents that send what they use: how each kind of client is set up. */
function describeTelemetry(
  addresses: readonly AttemptAddress[],
  providers: readonly Provider[],
): readonly string[] {
  const received = addresses.flatMap(({ provider, telemetryUrl: url }) => {
    const driver = providers.find(({ id }) => id === provider)?.driver;
    return url === null ? [] : [{ driver, url, line: `${provider} by OpenTelemetry: ${url}` }];
  });
  const ofClaude = received.filter(({ driver }) => driver === claudeCode.name);
  const ofCodex = received.filter(({ driver }) => driver === codex.name);
  const others = received.filter((one) => !ofClaude.includes(one) && !ofCodex.includes(one));
  return [
    ...underHead(
      "Set CLAUDE_CODE_ENABLE_TELEMETRY=1 OTEL_LOGS_EXPORTER=otlp OTEL_METRICS_EXPORTER=otlp OTEL_EXPORTER_OTLP_PROTOCOL=http/json and OTEL_EXPORTER_OTLP_ENDPOINT to:",
      ofClaude.map(({ line }) => line),
    ),
    ...underHead(
      "Write into the config.toml of each Codex the lines below its address:",
      ofCodex.flatMap(({ line, url }) => [line, ...codexTelemetry(url)]),
    ),
    ...underHead(
      "The proxy reads only OpenTelemetry of Claude Code and Codex. If one of them runs here, its address is:",
      others.map(({ line }) => line),
    ),
  ];
}

function underHead(head: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [head, ...lines];
}
