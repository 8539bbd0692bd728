import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { reasonOf } from "../../../../ledger/domain/errors.ts";
import { EXIT } from "../../../../ledger/domain/exit-codes.ts";
import { nodeFileSystem } from "../../../../ledger/store/node-file-system.ts";
import { checkCaptures } from "../../../../ledger/verification/check-captures.ts";
import { checkCitedFiles } from "../../../../ledger/verification/check-cited-files.ts";
import { ADVICE, type Finding } from "../../../../ledger/verification/finding.ts";
import { locateFinding } from "../../../../ledger/verification/locate-finding.ts";
import { type Anchor, parseAnchor } from "../../../../ledger/verification/parse-anchor.ts";
import { readAnomalies } from "../../../../ledger/verification/read-anomalies.ts";
import { verifyLedger } from "../../../../ledger/verification/verify-ledger.ts";
import {
  renderVerification,
  type VerificationDocument,
} from "../../../../reports/format/render-verification.ts";
import { findLedger, nothingIn } from "../../../experiment/session/recorded-experiment.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { createDataFolder, locateDataFolder } from "../../../platform/environment/data-folder.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { CodeOf, OptionsOf } from "../../definition.ts";
import { jsonOr, type Result } from "../../result.ts";
import type { verify as definition } from "./definition.ts";

/** Checks that the ledger is what was written to it. It writes nothing. */
export const ledgerVerify: CodeOf<typeof definition> = async (options, environment) => {
  const anchor = options.anchor === undefined ? undefined : readAnchor(options.anchor, environment);
  const located = locateDataFolder(options.dataDir, environment);
  const { store } = located;
  if (store === null) {
    const { ledger, root } = findLedger(options, environment);
    return verify(options, { ledger, root, shown: ledger, anchor, before: [] });
  }
  createDataFolder(located);
  const { writeOutStore } = await import("../../../../ledger/verification/write-out-store.ts");
  const out = mkdtempSync(path.join(located.state, "verify-"));
  try {
    const before = await writeOutStore(store, { out, copy: located.ledger });
    if (before === undefined) throw nothingIn(located);
    const { root } = located;
    const { shown } = store;
    return verify(options, { ledger: out, root, shown, anchor, before, isShared: true });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
};

interface Verified {
  readonly ledger: string;
  /** The data folder. */
  readonly root: string;
  /** The place of the ledger, for people. */
  readonly shown: string;
  readonly anchor: Anchor | undefined;
  /** Findings that come before those of the files. */
  readonly before: readonly Finding[];
  /** Whether others than this machine write rows, so that each is parsed. */
  readonly isShared?: boolean;
}

function verify(
  options: OptionsOf<typeof definition>,
  { ledger: folder, root: dataFolder, shown: name, anchor, before, isShared = false }: Verified,
): Result {
  const mode = options.fromCheckpoint === true ? "from-checkpoint" : "full";
  const isParsed = options.full === true || (isShared && mode === "full");
  const verified = verifyLedger(folder, { mode, isParsed, anchor });
  const { ledgerId, headsSha256, files, findings: ofLedger } = verified;
  const place = { fileSystem: nodeFileSystem, folder };
  const beside = { ...place, ledgerId: ledgerId ?? "", dataFolder };
  const findings = [...before, ...ofLedger, ...checkCaptures(beside), ...checkCitedFiles(beside)];
  const isDamaged = findings.some(({ severity }) => severity === "damage");
  const shown: VerificationDocument = {
    ledger_id: ledgerId ?? null,
    heads_sha256: headsSha256,
    folder: name,
    mode,
    is_parsed: isParsed,
    is_damaged: isDamaged,
    files: files.map(({ file, rows, bytes }) => ({ file, rows, bytes })),
    findings: findings.map((finding) => ({
      ...finding,
      ...locateFinding(place, finding),
      what_to_do: ADVICE[finding.kind],
    })),
    anomalies: readAnomalies(place, ledgerId ?? ""),
  };
  return {
    exitCode: isDamaged ? EXIT.damaged : EXIT.done,
    output: jsonOr(options, shown, () => renderVerification(shown)),
  };
}

function readAnchor(name: string, { cwd }: Environment): Anchor {
  const file = path.resolve(cwd, name);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new ConfigurationError(
      `--anchor ${name}: expected the file in which a checkpoint was kept, got: ${reasonOf(error)}. ` +
        `Make one: experiment ledger checkpoint --json > anchor.json`,
    );
  }
  return parseAnchor(name, text);
}
