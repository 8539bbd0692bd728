import {
  type PrivateCluster,
  startPrivateCluster,
} from "../../ledger/store/postgres/test-support/private-cluster.ts";
import { benchDepth } from "./workers/depth.ts";
import { benchHandOut } from "./workers/hand-out.ts";
import { benchStop } from "./workers/stop.ts";
import { benchTakeover } from "./workers/takeover.ts";

const PARTS: Readonly<Record<string, (cluster: PrivateCluster) => AsyncIterable<string>>> = {
  "hand-out": benchHandOut,
  depth: benchDepth,
  takeover: benchTakeover,
  stop: benchStop,
};

/** Workers on a PostgreSQL of their own, which syncs as by default. A part's name runs it alone. */
export async function* benchWorkers(words: readonly string[]): AsyncIterable<string> {
  const named = Object.keys(PARTS).filter((name) => words.includes(name));
  for (const [name, bench] of Object.entries(PARTS)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const cluster = await startPrivateCluster();
    try {
      for await (const line of bench(cluster)) yield `${name}: ${line}`;
    } finally {
      await cluster.stop();
    }
  }
}
