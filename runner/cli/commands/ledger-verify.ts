import { readFileSync } from "node:fs";
import path from "node:path";

import { EXIT } from "../../../ledger/domain/exit-codes.ts";
import { nodeFileSystem } from "../../../ledger/store/node-file-system.ts";
import { checkCaptures } from "../../../ledger/verification/check-captures.ts";
import { checkKeptWork } from "../../../ledger/verification/check-kept-work.ts";
import { ADVICE } from "../../../ledger/verification/finding.ts";
import { locateFinding } from "../../../ledger/verification/locate-finding.ts";
import { type Anchor, parseAnchor } from "../../../ledger/verification/parse-anchor.ts";
import { readAnomalies } from "../../../ledger/verification/read-anomalies.ts";
import { verifyLedger } from "../../../ledger/verification/verify-ledger.ts";
import {
  renderVerification,
  type VerificationDocument,
} from "../../../reports/format/render-verification.ts";
import { ConfigurationError } from "../../configuration-error.ts";
import type { Environment } from "../../environment.ts";
import type { CodeOf } from "../definitions/definition.ts";
import type { verify as definition } from "../definitions/ledger-commands.ts";
import { findLedger } from "../open-ledger.ts";
import { jsonOr, reasonOf } from "../result.ts";

/** Checks that the ledger is what was written to it. It writes nothing. */
export const ledgerVerify: CodeOf<typeof definition> = async (options, environment) => {
  const { ledger: folder, root: dataFolder } = findLedger(options, environment);
  const anchor = options.anchor === undefined ? undefined : readAnchor(options.anchor, environment);
  const mode = options.fromCheckpoint === true ? "from-checkpoint" : "full";
  const isParsed = options.full === true;
  const { ledgerId, files, findings: ofLedger } = verifyLedger(folder, { mode, isParsed, anchor });
  const place = { fileSystem: nodeFileSystem, folder };
  const beside = { ...place, ledgerId: ledgerId ?? "", dataFolder };
  const findings = [...ofLedger, ...checkCaptures(beside), ...checkKeptWork(beside)];
  const isDamaged = findings.some(({ severity }) => severity === "damage");
  const shown: VerificationDocument = {
    ledger_id: ledgerId ?? null,
    folder,
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
};

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
