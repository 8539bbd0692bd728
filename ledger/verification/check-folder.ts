import { join } from "node:path";

import { LEDGER_FILES } from "../domain/ledger-file.ts";
import { hashFile } from "../store/copy-bytes.ts";
import type { LedgerFolder } from "../store/file-system.ts";
import { GIT_ATTRIBUTES } from "../store/git-attributes.ts";
import { HEADER_NAME } from "../store/ledger-header.ts";
import { QUARANTINE_NAME, quarantinedNames } from "../store/quarantine.ts";
import { suspectPath } from "../store/renew-file.ts";
import type { Finding } from "./finding.ts";

const NOTES_MAX = 20;

/** Checks for other files in the folder, and whether the quarantined bytes match their names. */
export function checkFolder(place: LedgerFolder): readonly Finding[] {
  const unknown = place.fileSystem.list(place.folder).filter((name) => !isOurs(name));
  return [
    ...unknown.slice(0, NOTES_MAX).map((name) => noteUnknown(name)),
    ...unknownSyncs(place),
    ...quarantinedNames(place).flatMap((name) => checkQuarantined(place, name)),
  ];
}

/** A failed sync leaves a mark, and may leave bytes in memory that are not on the disk. */
function unknownSyncs({ fileSystem, folder }: LedgerFolder): readonly Finding[] {
  return LEDGER_FILES.filter(
    (file) => fileSystem.stateAt(suspectPath(folder, file)) !== undefined,
  ).map((file) => {
    const message = `a sync of ${file}.jsonl has failed: what was read may be in memory and not on the disk`;
    return { kind: "failed-sync", severity: "unchecked", file, message };
  });
}

function isOurs(name: string): boolean {
  if ([HEADER_NAME, QUARANTINE_NAME, GIT_ATTRIBUTES.name].includes(name)) return true;
  const [file, ...rest] = name.split(".");
  const ending = rest.join(".");
  return (
    LEDGER_FILES.some((known) => known === file) &&
    /^((\d{6,}\.)?jsonl|jsonl\.lock|suspect|renewed)$/.test(ending)
  );
}

function noteUnknown(name: string): Finding {
  const message = `${name} is not a file of this ledger; it is not read`;
  return { kind: "unknown-file", severity: "note", message };
}

function checkQuarantined({ fileSystem, folder }: LedgerFolder, name: string): readonly Finding[] {
  const sha256 = hashFile(fileSystem, join(folder, QUARANTINE_NAME, name));
  if (name.endsWith(`.${sha256}`)) return [];
  const message = `${QUARANTINE_NAME}/${name}: expected the bytes that its name is the hash of, got others: it was changed`;
  return [{ kind: "quarantine", severity: "damage", message }];
}
