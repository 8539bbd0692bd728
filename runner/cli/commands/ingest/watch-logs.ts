import { setTimeout as sleep } from "node:timers/promises";

import { countNoun } from "../../../../reports/text/number-text.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import { openFile } from "../../../tracker/ingest/ingest-files.ts";
import type { IngestResult } from "../../../tracker/ingest/ingest-usage.ts";
import { readAt, type Watched } from "../../../tracker/ingest/read-inputs.ts";

const WATCH_MS = 1000;

/** Reads files again when they have grown, and new ones, until Ctrl-C. Nothing that was written is lost. `refresh` looks for windows that were opened or closed since. */
export async function watchLogs(
  { once, files }: Watched,
  refresh: () => void,
  environment: Environment,
): Promise<void> {
  const { onInterrupt, stderr } = environment;
  const over = new AbortController();
  const stopListening = onInterrupt(() => over.abort());
  const tell = (text: string) => stderr.write(`${toPlainLine(text)}\n`);
  tell(`Watching ${countNoun(files.count, "file")} until Ctrl-C.`);
  try {
    while (!over.signal.aborted) {
      await sleep(WATCH_MS, undefined, { signal: over.signal }).catch(() => undefined);
      for (const file of files.changed(tell)) {
        if (over.signal.aborted) break;
        refresh();
        const before = once.result;
        await once.read({ name: file, chunks: files.open(file) }, readAt(environment));
        for (const line of sayMore(before, once.result)) tell(`${file}: ${line}`);
      }
    }
    for (const file of files.cut) {
      await once.read({ name: file, chunks: openFile(file) }, readAt(environment));
    }
  } finally {
    stopListening();
  }
}

/** What a file that was read again has brought. */
function sayMore(before: IngestResult, after: IngestResult): readonly string[] {
  const events = after.written - before.written;
  const problems = [...after.problems].flatMap(([reason, { count }]) => {
    const more = count - (before.problems.get(reason)?.count ?? 0);
    return more > 0 ? [`${reason}: ${countNoun(more, "line")} not read`] : [];
  });
  return [...(events > 0 ? [`${countNoun(events, "new event")}.`] : []), ...problems];
}
