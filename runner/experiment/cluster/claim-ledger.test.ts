import { existsSync } from "node:fs";
import path from "node:path";

import { expect, test, vi } from "vitest";

import { loadConfiguration } from "../../plan/config/load-configuration.ts";
import { locateDataFolder } from "../../platform/environment/data-folder.ts";
import { processEnvironment } from "../../platform/environment/environment.ts";
import { isFree } from "../../platform/locks/hold-lock.ts";
import { temporaryFolder } from "../../platform/test-support/temporary-folder.ts";
import { ClaimLedger, claimsFolder } from "./claim-ledger.ts";

const CLAIM = {
  id: "claim",
  delivery: 1,
  executedOrder: 1,
  job: {
    experimentId: "0123456789ab",
    sessionId: "session",
    machineClass: "small",
    planned: {
      window: "W1-01",
      provider: "one",
      featureId: "feature",
      replicate: 1,
      period: 1,
      command: "/implement feature",
    },
  },
};

async function openClaim() {
  const cwd = temporaryFolder();
  const environment = { ...processEnvironment(), cwd, variables: {} };
  const folder = locateDataFolder("data", environment);
  const configuration = loadConfiguration({}, environment);
  const machine = { worker: "one", class: "small" };
  const ledger = await ClaimLedger.open(CLAIM, { folder, configuration, environment, machine });
  const place = path.join(claimsFolder(folder), "claim.1");
  return { ledger, place, close: vi.spyOn(ledger.store, "close") };
}

test("a discarded claim closes its ledger once and leaves nothing", async () => {
  const { ledger, place, close } = await openClaim();
  expect(existsSync(place)).toBe(true);
  await ledger.discard();
  await ledger.leave();
  expect(close).toHaveBeenCalledTimes(1);
  expect(existsSync(place)).toBe(false);
});

test("another process may open a claim that was left", async () => {
  const { ledger, place, close } = await openClaim();
  const lock = path.join(place, "lock");
  expect(isFree(lock)).toBe(false);
  await ledger.leave();
  await ledger.discard();
  expect(close).toHaveBeenCalledTimes(1);
  expect(isFree(lock)).toBe(true);
});

test("another process may open a claim whose ledger can't be closed", async () => {
  const { ledger, place, close } = await openClaim();
  close.mockRejectedValueOnce(new Error("The disk is gone."));
  await expect(ledger.discard()).rejects.toThrow("The disk is gone.");
  expect(isFree(path.join(place, "lock"))).toBe(true);
});
