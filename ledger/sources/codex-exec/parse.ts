import { z } from "zod";

import { parseJson } from "../../domain/parse-json.ts";
import { CodexTokens, usageOfCodex } from "../tokens/codex.ts";
import {
  problem,
  sayNotWhole,
  unknownUse,
  type UsageReading,
  type UsageSource,
} from "../usage-source.ts";

const Started = z.looseObject({ type: z.literal("thread.started"), thread_id: z.string() });
const Failed = z.looseObject({ type: z.literal("turn.failed") });
const Completed = z.looseObject({ type: z.literal("turn.completed"), usage: CodexTokens });

const TURN_FAILED =
  "A failed turn states no tokens. Its session log has them: experiment ingest codex-rollout ~/.codex/sessions";

/**
 * What `codex exec --json` prints. Its usage continues over a resumed thread, so that its growth since the last
 * reading counts, and a smaller one is older. It covers the main thread only.
 */
export const codexExec: UsageSource = {
  name: "codex-exec",
  version: "3",
  provider: "codex",
  names: ["*.jsonl"],
  marks: ['"thread.started"', '"turn.completed"', '"turn.failed"'],
  open() {
    let thread: string | undefined;
    return {
      line(text, number): readonly UsageReading[] {
        const value = parseJson(text);
        if (value === undefined) return [problem(number, "not-json", "Expected a line of JSON.")];
        const started = Started.safeParse(value);
        if (started.success) thread = started.data.thread_id;
        if (Failed.safeParse(value).success) {
          return [problem(number, "turn-failed", TURN_FAILED)];
        }
        const completed = Completed.safeParse(value);
        if (!completed.success) {
          const said = z
            .looseObject({ type: z.literal("turn.completed"), usage: z.unknown() })
            .safeParse(value).data;
          return said === undefined ? [] : [unknownUse(number, sayNotWhole("usage", said.usage))];
        }
        if (thread === undefined) {
          return [problem(number, "no-thread", "Expected thread.started before turn.completed.")];
        }
        const { usage } = completed.data;
        const { usage: total, fault } = usageOfCodex(usage, 0);
        if (total === null) return [unknownUse(number, fault)];
        const event = { at: null, lane: "main", model: null } as const;
        const key = { session: thread, key: thread, first: "counts", onlyGrows: true } as const;
        return [{ kind: "total", ...key, total, event }];
      },
      end: () => [],
    };
  },
};
