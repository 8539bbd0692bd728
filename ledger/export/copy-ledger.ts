import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

import { LEDGER_FILES, type LedgerFile } from "../domain/ledger-file.ts";
import { copyToFile } from "../store/copy-bytes.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { GIT_ATTRIBUTES } from "../store/git-attributes.ts";
import { HEADER_NAME } from "../store/ledger-header.ts";
import { QUARANTINE_NAME, quarantinedNames } from "../store/quarantine.ts";
import { activePath, listSegments, sealedPath, withSegment } from "../store/segments.ts";
import type { ExportedFile } from "./make-export.ts";

/** A checkpoint copied first names nothing that rows copied later lack. */
const COPY_ORDER: readonly LedgerFile[] = [
  "checkpoints",
  ...LEDGER_FILES.filter((file) => file !== "checkpoints"),
];

/** Copies a ledger byte for byte, its quarantine too: the copy verifies by the same hashes and anchors. */
export function copyLedger(place: LedgerFolder, to: string): readonly ExportedFile[] {
  const header = copyWhole(place, HEADER_NAME, to);
  const segments = COPY_ORDER.flatMap((file) => copySegments(place, file, to));
  const quarantined = quarantinedNames(place);
  if (quarantined.length > 0) mkdirSync(path.join(to, QUARANTINE_NAME));
  // A copy is what people commit.
  writeFileSync(path.join(to, GIT_ATTRIBUTES.name), GIT_ATTRIBUTES.text);
  const tails = quarantined.map((name) => copyWhole(place, path.join(QUARANTINE_NAME, name), to));
  return [header, ...segments, ...tails];
}

function copyWhole(place: LedgerFolder, name: string, to: string): ExportedFile {
  const from = path.join(place.folder, name);
  copyFileSync(from, path.join(to, name));
  return { name, rows: null, bytes: place.fileSystem.stateAt(from)?.size ?? 0 };
}

function copySegments(place: LedgerFolder, file: LedgerFile, to: string): readonly ExportedFile[] {
  const { active } = listSegments(place, file);
  const numbers = Array.from({ length: active }, (_, index) => index + 1);
  return numbers.flatMap((segment) => {
    const copy = segment < active ? sealedPath(to, file, segment) : activePath(to, file);
    const bytes = withSegment(place, { file, segment }, (fd) => copySegment(place, fd, copy));
    return bytes === undefined ? [] : [{ name: path.basename(copy), rows: null, bytes }];
  });
}

/** As much as was there when the copy began. */
function copySegment({ fileSystem }: LedgerFolder, fd: number, to: string): number {
  const { size } = fileSystem.stateOf(fd);
  copyToFile(fileSystem, { fd, from: 0, to: size }, to);
  return size;
}
