import { once } from "node:events";

import { execa } from "execa";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { findExperiment, findLedger } from "../../../experiment/session/recorded-experiment.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { followStore } from "../../../platform/environment/use-ledger.ts";
import { type PageServer, servePage } from "../../../platform/http/serve-page.ts";
import type { CodeOf } from "../../definition.ts";
import { untilInterrupted } from "../../display/until-interrupted.ts";
import type { view as definition } from "./definition.ts";
import { LiveReport } from "./live-report.ts";

const PORT_MAX = 65_535;
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, string>>> = { darwin: "open" };

/** Serves the report on loopback until Ctrl-C, and follows a run. */
export const view: CodeOf<typeof definition> = async (options, environment) => {
  const port = readPort(options.port);
  const folder = findLedger(options, environment);
  // A later experiment in the ledger does not take the place of the one that is shown.
  const experiment = await findExperiment(
    options,
    environment,
    async ({ experimentId }) => experimentId,
  );
  const token = environment.randomId();
  const copy = await followStore(folder, environment);
  const report = new LiveReport({
    options: { ...options, experiment },
    folder,
    environment,
    refresh: copy.refresh,
    query: `?token=${token}`,
  });
  try {
    await serve(report, { port, token, isOpened: options.open === true }, environment);
  } finally {
    await copy.close();
  }
  return { exitCode: EXIT.done, output: "" };
};

interface Place {
  readonly port: number;
  readonly token: string;
  readonly isOpened: boolean;
}

async function serve(report: LiveReport, place: Place, environment: Environment): Promise<void> {
  const server = await listen(report, place);
  try {
    environment.stdout.write(`${server.address}\n`);
    environment.stderr.write("The report of this ledger, as it grows. Ctrl-C ends it.\n");
    if (place.isOpened) await openBrowser(server, environment);
    await untilInterrupted(environment);
  } finally {
    await server.close();
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new ConfigurationError(
    `--port: expected a port from 1 to ${String(PORT_MAX)}, or 0 for a free one, got "${text}".`,
  );
}

async function listen(report: LiveReport, place: Place): Promise<PageServer> {
  try {
    return await servePage(report, place);
  } catch (error) {
    throw new ConfigurationError(
      `--port ${String(place.port)}: nothing can be served there (${reasonOf(error)}). Name another port, or none.`,
    );
  }
}

/** Waits until the opener has started. It may be the browser itself: nothing waits for its end, and nothing ends it. */
async function openBrowser({ address }: PageServer, environment: Environment): Promise<void> {
  const program = OPENERS[environment.platform] ?? "xdg-open";
  const { variables: env, stderr } = environment;
  const opener = execa(program, [address], {
    env,
    extendEnv: false,
    stdio: "ignore",
    reject: false,
    detached: true,
    cleanup: false,
  });
  opener.nodeChildProcess.unref();
  const hasStarted = await once(opener.nodeChildProcess, "spawn").then(
    () => true,
    () => false,
  );
  if (hasStarted) stderr.write(`${program} was asked to open it.\n`);
  const end = sayIfFailed(opener, () =>
    stderr.write(`${program} opened no browser. Open the address yourself.\n`),
  );
  if (!hasStarted) await end;
}

async function sayIfFailed(
  opener: PromiseLike<{ readonly failed: boolean }>,
  say: () => void,
): Promise<void> {
  const { failed } = await opener;
  if (failed) say();
}
