import { createHash } from "node:crypto";

import type { CommitFacts } from "./git-history.ts";

const WORDS_LENGTH_MAX = 40;
const HASH_LENGTH = 7;

/** The name of a commit's task: words of its subject, and the start of its hash, which makes it unique. */
export function taskIdOf({ hash, message }: CommitFacts): string {
  const words = (message.trim().split("\n")[0] ?? "")
    .toLowerCase()
    .normalize("NFKD")
    .split(/[^a-z0-9]+/u)
    .filter(Boolean);
  const kept: string[] = [];
  for (const word of words) {
    if ([...kept, word].join("-").length > WORDS_LENGTH_MAX) break;
    kept.push(word);
  }
  return [...kept, hash.slice(0, HASH_LENGTH)].join("-");
}

/** Letters that no other test's name has. They do not change from one import to the next. */
export function canaryMarker(hash: string): string {
  const digest = createHash("sha256").update(`canary of ${hash}`).digest("hex");
  return `x${digest.slice(0, 8)}`;
}
