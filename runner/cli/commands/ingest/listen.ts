import { Readable } from "node:stream";

import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import type { OtlpTaker } from "../../../gateway/otlp/answer-export.ts";
import type { Environment } from "../../../platform/environment/environment.ts";
import type { UsageIngest } from "../../../tracker/ingest/ingest-usage.ts";
import type { Placing } from "../../../tracker/ingest/placing.ts";
import { readAt } from "../../../tracker/ingest/read-inputs.ts";
import { TrackerUsageError } from "../../../tracker/windows/tracker-errors.ts";
import { untilInterrupted } from "../../display/until-interrupted.ts";

const ADDRESS = /^(?:127\.0\.0\.1|localhost):(?<port>\d{1,5})$/u;
const PORT_MAX = 65_535;

/** Port 0 means any free one. Nobody but this machine may send counts. */
export function readListen(address: string): number {
  const port = Number(ADDRESS.exec(address)?.groups?.["port"] ?? Number.NaN);
  if (port <= PORT_MAX) return port;
  throw new TrackerUsageError(
    `--listen: expected a port of this machine, got ${JSON.stringify(address)}. Write e.g. 127.0.0.1:4318.`,
  );
}

interface Receiving {
  readonly ingested: UsageIngest;
  readonly place: Placing;
}

/**
 * Takes what agents send until Ctrl-C. An export is in the ledger before its sender is answered. Resolves to how many
 * requests could not be read.
 */
export async function listen(
  port: number,
  { ingested, place }: Receiving,
  environment: Environment,
): Promise<number> {
  const { stderr } = environment;
  let refusals = 0;
  const { receiveOtlp } = await import("../../../gateway/otlp/receive-otlp.ts");
  const taker: OtlpTaker = {
    take: async (line) => {
      place.refresh();
      const chunks = Readable.from([Buffer.from(`${line}\n`)]);
      await ingested.read({ name: "otlp", chunks }, readAt(environment));
      await ingested.finish();
    },
    refused: (target, { reason, text }) => {
      const said = `Refused ${toPlainLine(target)}: ${reason}: ${toPlainLine(text)}.`;
      stderr.write(`${said}\n`);
      refusals += 1;
    },
  };
  const interrupted = untilInterrupted(environment);
  const receiver = await receiveOtlp(taker, port);
  stderr.write(`Receiving OpenTelemetry at ${receiver.origin} until Ctrl-C.\n`);
  await interrupted;
  await receiver.stop();
  return refusals;
}
