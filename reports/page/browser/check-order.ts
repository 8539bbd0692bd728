import type { RequestData, VerdictData, WindowData } from "../page-data.ts";
import { recheck, type Recheck, type ShownAnswers } from "../recheck.ts";
import { type PackedBlock, unpackBlock } from "./read-block.ts";

/** What the thread gets: packed, so that the page need not unpack what it does not show. */
export interface CheckOrder {
  readonly windows: PackedBlock;
  readonly requests: PackedBlock;
  readonly verdict: PackedBlock;
  readonly shown: ShownAnswers;
}

export async function checkOrder({ shown, ...blocks }: CheckOrder): Promise<Recheck> {
  const windows = await unpackBlock<WindowData>(blocks.windows);
  const requests = await unpackBlock<RequestData>(blocks.requests);
  const verdict = await unpackBlock<VerdictData>(blocks.verdict);
  return recheck({ windows, requests, verdict }, shown);
}
