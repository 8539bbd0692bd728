import path from "node:path";

import { expect, test, vi } from "vitest";

import { openJsonlStore } from "../../../ledger/store/open-jsonl-store.ts";
import { loadConfiguration } from "../../plan/config/load-configuration.ts";
import { locateDataFolder } from "../../platform/environment/data-folder.ts";
import { processEnvironment, systemClock } from "../../platform/environment/environment.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { openJournal } from "../spending/journal.ts";
import { serveProxy } from "./serve-proxy.ts";

test("a proxy whose lock cannot be opened stops its replay", async () => {
  const environment = { ...processEnvironment(), cwd: temporaryFolder(), variables: {} };
  const folder = locateDataFolder(undefined, environment);
  const store = await openJsonlStore({
    folder: folder.ledger,
    clock: systemClock,
    agentId: "harness",
    toolVersion: "0.0.0",
  });
  const replay = {
    origin: "http://127.0.0.1:9",
    ranOut: new AbortController().signal,
    stop: vi.fn<() => Promise<void>>(async () => undefined),
  };
  const configuration = loadConfiguration({}, environment);
  const serving = serveProxy({
    configuration,
    folder: { ...folder, state: path.join(folder.root, "missing") },
    journal: openJournal(store, () => undefined),
    store,
    environment,
    isIntercepting: false,
    recorder: null,
    replay,
    providers: configuration.providers,
    window: "W0-01",
  });
  await expect(serving).rejects.toThrow("ENOENT");
  expect(replay.stop).toHaveBeenCalledOnce();
  await store.close();
});
