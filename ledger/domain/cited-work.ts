import { z } from "zod";

import { SealedWork } from "./window.ts";

const WORK = z.object({ sealed_work: SealedWork.optional() });
const CITING = WORK.extend({ ungraded: WORK.optional() });

/** The kept work that a row of windows cites, graded or not; undefined if it cites none. */
export function citedWork(row: unknown): SealedWork | undefined {
  const { sealed_work: work, ungraded } = CITING.safeParse(row).data ?? {};
  return work ?? ungraded?.sealed_work;
}
