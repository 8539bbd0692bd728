import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { execPath } from "node:process";

import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";

import {
  HAS_POSTGRES,
  WITHOUT,
} from "../../../ledger/store/postgres/test-support/private-cluster.ts";
import {
  addLines,
  asUser,
  nextLine,
  rowOf,
  useStage,
  withClient,
} from "./test-support/bad-worker.ts";

const MAIN = path.resolve("runner/cli/main.ts");

describe.skipIf(!HAS_POSTGRES)(`what a bad worker leaves${WITHOUT}`, () => {
  const stage = useStage();

  it("is named by verification, row by row", async () => {
    const { url, mallory } = stage();
    await withClient(asUser(url, "mallory"), async (client) => {
      const final = { ...rowOf("W0-02", "window_interrupted"), outcome: "made up" };
      const anomaly = { ...rowOf("W0-02", "anomaly_recorded"), kind: 7 };
      await addLines(client, mallory.claim, [
        { file: "windows", line: await nextLine(client, "windows", final) },
        { file: "anomalies", line: await nextLine(client, "anomalies", anomaly) },
      ]);
    });
    const { findings, isDamaged } = await verify(url);
    expect(isDamaged).toBe(false);
    expect(findings).toContainEqual(
      expect.stringMatching(/^note schema-broken row \d+, window_interrupted of W0-02, /u),
    );
    expect(findings).toContainEqual(
      expect.stringMatching(/^note schema-broken row 1, anomaly_recorded of W0-02, .* kind: /u),
    );
  });
});

interface Printed {
  readonly is_damaged: boolean;
  readonly findings: readonly { kind: string; severity: string; message: string }[];
}

/** What `ledger verify` prints of a store. */
async function verify(url: string) {
  const folder = mkdtempSync(path.join(tmpdir(), "counterbalance-traces-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const line = ["ledger", "verify", "--json", "--store", url, "--data-dir", folder];
  const { stdout } = await execa(execPath, [MAIN, ...line], { reject: false });
  const { is_damaged: isDamaged, findings }: Printed = JSON.parse(stdout);
  return {
    isDamaged,
    findings: findings.map(({ kind, severity, message }) => `${severity} ${kind} ${message}`),
  };
}
