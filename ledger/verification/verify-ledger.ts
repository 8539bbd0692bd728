import { CheckpointMade } from "../domain/checkpoint-made.ts";
import { LEDGER_FILES } from "../domain/ledger-file.ts";
import type { Row } from "../domain/row.ts";
import { damageAt } from "../store/checkpoints.ts";
import type { FileSystem, LedgerFolder } from "../store/file-system.ts";
import { headsSha256 } from "../store/heads-sha256.ts";
import { JsonlReader } from "../store/jsonl-reader.ts";
import { readLedgerId } from "../store/ledger-header.ts";
import { CR_LF } from "../store/line-ends.ts";
import { nodeFileSystem } from "../store/node-file-system.ts";
import { startedFiles } from "../store/segments.ts";
import { LedgerDamagedError, LineEndsError } from "../store/store-errors.ts";
import { checkAnchor } from "./check-anchor.ts";
import { checkCheckpoints } from "./check-checkpoints.ts";
import { checkFolder } from "./check-folder.ts";
import type { Finding } from "./finding.ts";
import type { Anchor } from "./parse-anchor.ts";
import { RepeatedIds } from "./repeated-ids.ts";
import { type FileVerification, verifyFile } from "./verify-file.ts";

export interface VerifyOptions {
  /** `from-checkpoint` reads only the rows after the last checkpoint, and trusts those before. */
  readonly mode: "full" | "from-checkpoint";
  /** Whether every row is parsed too, which takes two to three times as long. */
  readonly isParsed?: boolean | undefined;
  /** A checkpoint that was kept outside the ledger. */
  readonly anchor?: Anchor | undefined;
  readonly fileSystem?: FileSystem;
}

export interface Verification {
  readonly ledgerId: string | undefined;
  /** One hash for the rows as they are, damaged or not. */
  readonly headsSha256: string;
  readonly files: readonly FileVerification[];
  /** First of the files, in their order, then of the folder. */
  readonly findings: readonly Finding[];
  /** Whether one of the findings is damage: exit code 6. */
  readonly isDamaged: boolean;
}

/**
 * Looks whether the ledger in a folder is what was written to it. Never writes, and mends nothing: bytes
 * of a torn write are a note here, and go to the quarantine when the ledger is next opened.
 */
export function verifyLedger(folder: string, options: VerifyOptions): Verification {
  const place = { fileSystem: options.fileSystem ?? nodeFileSystem, folder };
  const header = readHeader(place);
  const checkpoints = readCheckpoints(place, header.ledgerId ?? "");
  const ledgerId = header.ledgerId ?? checkpoints.at(-1)?.checkpoint.ledger_id ?? "";
  const heads = checkpoints.flatMap(({ checkpoint }) => checkpoint.heads);
  const last = options.mode === "full" ? [] : (checkpoints.at(-1)?.checkpoint.heads ?? []);
  const started = startedFiles(place);
  const known = LEDGER_FILES.filter(
    (file) => started.includes(file) || heads.some((head) => head.file === file),
  );
  const ids = new RepeatedIds(place, known);
  const files = known.map((file) => {
    const head = last.find((one) => one.file === file);
    const from = head !== undefined && damageAt(place, head) === undefined ? head : undefined;
    const { isParsed } = options;
    const walked = from === undefined ? heads : [from];
    return verifyFile(place, { file, ledgerId, ids, isParsed, heads: walked, from });
  });
  const ledger = { ledgerId, checkpoints: checkpoints.map(({ row }) => row) };
  const findings = [
    ...header.findings,
    ...files.flatMap((file) => file.findings),
    ...ids.find(),
    ...checkpoints.flatMap(({ checkpoint }) => foreignCheckpoint(checkpoint, ledgerId)),
    ...checkCheckpoints(place, ledger),
    ...(options.anchor === undefined ? [] : checkAnchor(place, ledger, options.anchor)),
    ...checkFolder(place),
  ];
  const isDamaged = findings.some(({ severity }) => severity === "damage");
  const sha256 = headsSha256(files.flatMap(({ end }) => end ?? []));
  return { ledgerId: header.ledgerId, headsSha256: sha256, files, findings, isDamaged };
}

interface KnownCheckpoint {
  readonly row: Row;
  readonly checkpoint: CheckpointMade;
}

function readHeader(place: LedgerFolder): {
  readonly ledgerId: string | undefined;
  readonly findings: readonly Finding[];
} {
  try {
    const ledgerId = readLedgerId(place);
    return { ledgerId, findings: ledgerId === undefined ? [noHeader()] : [] };
  } catch (error) {
    if (!(error instanceof LedgerDamagedError)) throw error;
    const isOfLineEnds = error instanceof LineEndsError;
    const kind = isOfLineEnds ? "line-ends" : "header";
    const message = isOfLineEnds ? `ledger.json ends in ${CR_LF}` : error.message;
    return {
      ledgerId: isOfLineEnds ? error.ledgerId : undefined,
      findings: [{ kind, severity: "damage", message }],
    };
  }
}

function noHeader(): Finding {
  const message =
    "ledger.json, the header that names the ledger, is missing; every checkpoint row holds the id";
  return { kind: "header", severity: "damage", message };
}

/** Ignores faults of the checkpoints' own file, which its own walk reports. */
function readCheckpoints(place: LedgerFolder, ledgerId: string): readonly KnownCheckpoint[] {
  const reader = JsonlReader.pastDamage(place, ledgerId);
  const known: KnownCheckpoint[] = [];
  for (const row of reader.read("checkpoints")) {
    const checkpoint = CheckpointMade.safeParse(row);
    if (checkpoint.success) known.push({ row, checkpoint: checkpoint.data });
  }
  return known;
}

function foreignCheckpoint(checkpoint: CheckpointMade, ledgerId: string): readonly Finding[] {
  if (checkpoint.ledger_id === ledgerId) return [];
  const message = `a checkpoint names the ledger ${checkpoint.ledger_id}, and this is ${ledgerId}`;
  return [{ kind: "header", severity: "damage", file: "checkpoints", message }];
}
