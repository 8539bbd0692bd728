import { once } from "node:events";
import path from "node:path";

import { CounterbalanceError } from "../../../ledger/domain/errors.ts";
import { toPlainLine } from "../../../reports/format/plain-text.ts";
import type { Provider } from "../../config/configuration.ts";
import { type ConfigurationOptions, loadConfiguration } from "../../config/load-configuration.ts";
import type { Environment } from "../../environment.ts";
import { missingVariable } from "../../providers/missing-variable.ts";
import { type Authority, openAuthority } from "../../proxy/mitm/authority.ts";
import { createDataFolder, locateDataFolder } from "../../session/data-folder.ts";
import { openJournal } from "../../session/journal.ts";
import { leaveNotice } from "../../session/proxy-notice.ts";
import { type ServedProxy, serveProxy } from "../../session/serve-proxy.ts";
import { openLedger } from "../open-ledger.ts";
import {
  openRecording,
  openReplay,
  readReplayed,
  refuseOddTapes,
  type TapeOptions,
} from "../open-tape.ts";
import { done, type Result } from "../result.ts";

export interface ProxyOptions extends ConfigurationOptions, TapeOptions {
  readonly provider?: string;
  readonly window: string;
  readonly port?: string;
  readonly mitm?: boolean;
  readonly dataDir?: string;
}

/** An option's value that can't be used. */
class OptionError extends CounterbalanceError {
  readonly exitCode = 2;
}

const PORT_MAX = 65_535;

/** Serves until it is interrupted; every request is metered, budgeted and recorded. */
export async function proxy(options: ProxyOptions, environment: Environment): Promise<Result> {
  const configuration = loadConfiguration(options, environment);
  const providers = chooseProviders(configuration.providers, options.provider);
  // A replay sends nothing to anybody, and needs no key.
  if (options.replay === undefined) refuseWithoutKeys(providers, environment);
  refuseOtherWindows(options.window);
  refuseOddTapes(options);
  const port = readPort(options.port);
  const folder = locateDataFolder(options.dataDir, environment);
  createDataFolder(folder);
  const authority =
    options.mitm === true
      ? await openAuthority(path.join(folder.root, "mitm"), environment.clock)
      : null;
  const store = await openLedger(folder, environment);
  try {
    const served = await serveProxy({
      configuration,
      folder,
      providers,
      authority,
      recorder: openRecording(options, environment),
      replay: await openReplay(readReplayed(options, environment), options, (sentence) => {
        environment.stderr.write(`${toPlainLine(sentence)}\n`);
      }),
      window: options.window,
      journal: openJournal(store, () => undefined),
      store,
      environment,
      ...(port === undefined ? {} : { port }),
    });
    const { origin } = served.proxy;
    const takeAway = leaveNotice(folder, { origin, key: served.statusKey, pid: process.pid });
    try {
      environment.stdout.write(describeDoors(served, authority));
      await interrupted(environment);
    } finally {
      takeAway();
      await served.close();
    }
  } finally {
    await store.close();
  }
  return done("");
}

function chooseProviders(
  providers: readonly Provider[],
  chosen: string | undefined,
): readonly Provider[] {
  if (chosen === undefined) return providers;
  const found = providers.filter(({ id }) => id === chosen);
  if (found.length > 0) return found;
  const known = providers.map(({ id }) => id).join(", ");
  throw new OptionError(`--provider ${chosen}: there is no such provider. Write one of: ${known}.`);
}

function refuseWithoutKeys(providers: readonly Provider[], environment: Environment): void {
  for (const provider of providers) {
    const variable = missingVariable(provider, environment);
    if (variable === null) continue;
    throw new OptionError(
      `${provider.id}: the environment variable ${variable} is not set. Put the upstream's key into it, or leave the provider out with --provider.`,
    );
  }
}

function refuseOtherWindows(window: string): void {
  if (/^W\d{1,4}-\d{2,6}$/.test(window)) return;
  throw new OptionError(`--window ${window}: expected the name of a window. Write e.g. W0-07.`);
}

function readPort(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= PORT_MAX) return port;
  throw new OptionError(`--port ${text}: expected a port from 1 to ${String(PORT_MAX)}.`);
}

/** What an agent of each provider is started with. */
function describeDoors({ doors }: ServedProxy, authority: Authority | null): string {
  const lines = doors.map(({ provider, window, url }) => `${provider} (${window}): ${url}`);
  return [
    "The proxy is open. Give an agent its provider's address as ANTHROPIC_BASE_URL; for an OpenAI-style client add /v1.",
    ...lines,
    ...(authority === null ? [] : describeInterception(doors, authority)),
    "Ctrl-C closes it. How it stands: experiment proxy status",
    "",
  ].join("\n");
}

/** For agents that have no setting for an address. */
function describeInterception(
  doors: ServedProxy["doors"],
  { certificateFile, bundleFile }: Authority,
): readonly string[] {
  return [
    `Or set NODE_EXTRA_CA_CERTS=${certificateFile} SSL_CERT_FILE=${bundleFile} and HTTPS_PROXY to:`,
    ...doors.map(({ provider, proxyUrl }) => `${provider} by HTTPS_PROXY: ${proxyUrl}`),
  ];
}

async function interrupted(environment: Environment): Promise<void> {
  const end = new AbortController();
  const stopListening = environment.onInterrupt(() => end.abort());
  await once(end.signal, "abort");
  stopListening();
}
