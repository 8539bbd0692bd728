import type { ScriptedSession } from "./scripted-session.ts";

type Change = Partial<Omit<ScriptedSession, "pairs">>;
type Phrase = readonly [RegExp, (who: string, number: number, session: ScriptedSession) => Change];

/** What a provider of a scripted session does, or what the session is like. */
const PHRASES: readonly Phrase[] = [
  [
    /^is ([\d.]+) times cheaper$/u,
    (who, ratio, { ratios }) => ({ ratios: { ...ratios, [who]: ratio } }),
  ],
  [/^is capped in its first window$/u, (who) => ({ capped: who })],
  [/^has many errors$/u, (who) => ({ errsOften: [who] })],
  [/^does nothing whenever it comes first$/u, (who) => ({ idleWhenFirst: [who] })],
  [/^has a meter that goes backwards$/u, (who) => ({ negativeDeltas: [who] })],
  [/^has its sub-agents routed elsewhere$/u, (who) => ({ routesSubagents: who })],
  [
    /^has a sub-agent of (\d+) tokens$/u,
    (who, tokens, { subagents }) => ({ subagents: { ...subagents, [who]: tokens } }),
  ],
  [/^calls no sub-agent in its first window$/u, (who) => ({ aloneAtFirst: who })],
  [/^spends the same in every window$/u, () => ({ isReplayed: true })],
  [/^misses every (\d+)th window$/u, (_, nth) => ({ missingEvery: nth })],
  [/^needs a second attempt at every window$/u, (who) => ({ retried: who })],
  [/^works without a sandbox$/u, (who) => ({ unconfined: who })],
  [
    /^loads the machine with (\d+)$/u,
    (who, load, { loads }) => ({ loads: { ...loads, [who]: load } }),
  ],
  [/^belong to (\d+) families$/u, (_, families) => ({ families })],
  [/^come from (\d+) repositories that are alike$/u, (_, repositories) => ({ repositories })],
  [
    /^come from (\d+) repositories that differ$/u,
    (_, repositories) => ({ repositories, repositoriesDiffer: true }),
  ],
  [/^may take (\d+) tokens$/u, (_, tokensMax) => ({ tokensMax })],
];

/** A scripted session that the lines of a table describe, such as `cheap`, `is 3 times cheaper`. */
export function sessionOf(pairs: number, lines: readonly (readonly string[])[]): ScriptedSession {
  return lines.reduce<ScriptedSession>(
    (session, [who = "", does = ""]) => ({ ...session, ...changeOf(session, who, does) }),
    { pairs, ratios: {} },
  );
}

function changeOf(session: ScriptedSession, who: string, does: string): Change {
  if (who === "the rule") return { stopWhen: [does.replace(/^is /u, "")] };
  for (const [pattern, change] of PHRASES) {
    const found = pattern.exec(does);
    if (found !== null) return change(who, Number(found[1]), session);
  }
  throw new Error(`No provider of a scripted session "${does}".`);
}
