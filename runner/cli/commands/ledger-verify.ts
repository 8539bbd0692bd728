import { readFileSync } from "node:fs";
import path from "node:path";

import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import { advise } from "../../../ledger/verification/advise.ts";
import { checkCaptures } from "../../../ledger/verification/check-captures.ts";
import { locateFinding } from "../../../ledger/verification/locate-finding.ts";
import { type Anchor, parseAnchor } from "../../../ledger/verification/parse-anchor.ts";
import { readAnomalies } from "../../../ledger/verification/read-anomalies.ts";
import { verifyLedger } from "../../../ledger/verification/verify-ledger.ts";
import { ConfigurationError } from "../../config/errors.ts";
import type { Environment } from "../../environment.ts";
import { findLedger } from "../find-ledger.ts";
import { EXIT, type Result } from "../result.ts";
import { showVerification, type VerificationShown } from "../show-verification.ts";

export interface LedgerVerifyOptions {
  readonly dataDir?: string;
  readonly full?: boolean;
  readonly fromCheckpoint?: boolean;
  readonly anchor?: string;
  readonly json?: boolean;
}

/** Looks whether the ledger is what was written to it, and writes nothing. */
export async function ledgerVerify(
  options: LedgerVerifyOptions,
  environment: Environment,
): Promise<Result> {
  const { ledger: folder, root: dataFolder } = findLedger(options, environment);
  const anchor = options.anchor === undefined ? undefined : readAnchor(options.anchor, environment);
  const mode = options.fromCheckpoint === true ? "from-checkpoint" : "full";
  const isParsed = options.full === true;
  const { ledgerId, files, findings: ofLedger } = verifyLedger(folder, { mode, isParsed, anchor });
  const place = { fileSystem: nodeFileSystem, folder };
  const captures = checkCaptures({ ...place, ledgerId: ledgerId ?? "", dataFolder });
  const findings = [...ofLedger, ...captures];
  const isDamaged = findings.some(({ severity }) => severity === "damage");
  const shown: VerificationShown = {
    ledger_id: ledgerId ?? null,
    folder,
    mode,
    is_parsed: isParsed,
    is_damaged: isDamaged,
    files: files.map(({ file, rows, bytes }) => ({ file, rows, bytes })),
    findings: findings.map((finding) => ({
      ...finding,
      ...locateFinding(place, finding),
      what_to_do: advise(finding.kind),
    })),
    anomalies: readAnomalies(place, ledgerId ?? ""),
  };
  return await Promise.resolve({
    exitCode: isDamaged ? EXIT.damaged : EXIT.done,
    output: options.json === true ? JSON.stringify(shown, null, 2) : showVerification(shown),
  });
}

function readAnchor(name: string, { cwd }: Environment): Anchor {
  const file = path.resolve(cwd, name);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError(
      `--anchor ${name}: expected the file in which a checkpoint was kept, got: ${reason}. ` +
        `Make one: experiment ledger checkpoint --json > anchor.json`,
    );
  }
  return parseAnchor(name, text);
}
