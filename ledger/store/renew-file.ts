import { join } from "node:path";

import type { LedgerFile } from "../domain/ledger-file.ts";
import { copyBytes } from "./copy-bytes.ts";
import type { LedgerContext } from "./ledger-context.ts";
import { activePath } from "./segments.ts";
import { syncFolderNow, syncNow } from "./sync.ts";

/** The name that marks a file whose sync has failed since the machine started. */
export function suspectPath(folder: string, file: LedgerFile): string {
  return join(folder, `${file}.suspect`);
}

/** Writes a file's bytes anew, durably, under the lock of the old one, whose name the new one then takes. */
export function renewFile(
  context: LedgerContext,
  { file, fd }: { readonly file: LedgerFile; readonly fd: number },
): void {
  const { fileSystem, folder } = context;
  const draft = join(folder, `${file}.renewed`);
  if (fileSystem.stateAt(draft) !== undefined) fileSystem.remove(draft);
  const copy = fileSystem.open(draft, "wx");
  try {
    copyBytes(fileSystem, { fd, from: 0, to: fileSystem.stateOf(fd).size }, copy);
    syncNow(context, copy);
  } finally {
    fileSystem.close(copy);
  }
  fileSystem.rename(draft, activePath(folder, file));
  syncFolderNow(context, folder);
  fileSystem.remove(suspectPath(folder, file));
}
