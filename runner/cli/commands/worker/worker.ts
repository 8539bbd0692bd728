import os from "node:os";

import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import { defaultMachineClass } from "../../../experiment/cluster/prove-machine.ts";
import { runWorker } from "../../../experiment/cluster/run-worker.ts";
import { createCounts, serveMetrics } from "../../../experiment/cluster/worker-counts.ts";
import { chooseWorkspaceRoot } from "../../../experiment/session/prepare-run.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { createDataFolder, locateDataFolder } from "../../../platform/environment/data-folder.ts";
import { enterOverlayNamespace } from "../../../tasks/setup/overlay-namespace.ts";
import { workspacesBelow } from "../../../tasks/workspaces/workspace-root.ts";
import type { CodeOf } from "../../definition.ts";
import { done } from "../../result.ts";
import { wholeNumber } from "../../whole-number.ts";
import type { worker as definition } from "./definition.ts";

const SLOTS_MAX = 64;
const PORT_MAX = 65_535;
const CLASS = /^[\w.-]{1,40}$/u;

/** Works windows until it is interrupted. */
export const worker: CodeOf<typeof definition> = async (options, environment) => {
  const folder = locateDataFolder(options.dataDir, environment);
  if (folder.store === null) {
    throw new ConfigurationError(
      "--store: expected the address of the store whose windows to work, got none. Write --store postgres://user@host/database.",
    );
  }
  const slots = wholeNumber("--slots", options.slots, { least: 1, most: SLOTS_MAX });
  const machineClass = options.class ?? defaultMachineClass();
  if (!CLASS.test(machineClass)) {
    throw new ConfigurationError(
      `--class: expected at most 40 letters, digits, dots, dashes and underscores, got ${JSON.stringify(machineClass)}.`,
    );
  }
  const workspaceRoot = await chooseWorkspaceRoot(options, environment);
  createDataFolder(folder);
  await enterOverlayNamespace(workspacesBelow(workspaceRoot), environment);
  const say = (sentence: string) => void environment.stderr.write(`${toPlainLine(sentence)}\n`);
  const counts = createCounts();
  const metrics =
    options.metrics === undefined
      ? null
      : await serveMetrics(
          counts,
          wholeNumber("--metrics", options.metrics, { least: 0, most: PORT_MAX }),
        );
  if (metrics !== null) say(`Metrics: ${metrics.url}/metrics`);
  const drain = new AbortController();
  const atOnce = new AbortController();
  const close = environment.onInterrupt(() => {
    if (drain.signal.aborted) atOnce.abort();
    else say("Ending: taking no more windows, finishing those at work. Once more hands them back.");
    drain.abort();
  });
  try {
    await runWorker(
      {
        address: folder.store,
        folder,
        workspaceRoot,
        machineClass,
        slots,
        environment,
        counts,
        say,
        name: options.name ?? `${os.hostname()}-${String(process.pid)}`,
        config: options.config,
      },
      { drain: drain.signal, atOnce: atOnce.signal },
    );
  } finally {
    close();
    await metrics?.close();
  }
  return done("");
};
