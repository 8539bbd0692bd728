import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";

import { stringify } from "yaml";

import { CounterbalanceError } from "../../ledger/domain/errors.ts";
import { EXIT } from "../../ledger/domain/exit-codes.ts";
import { timestampOf } from "../../ledger/domain/timestamp.ts";
import { ConfigurationError } from "../configuration-error.ts";
import { CONFIGURATION_BYTES_MAX, readYamlFile } from "../yaml/read-yaml-file.ts";
import { type PriceList, PriceList as PriceListSchema } from "./price-list.ts";
import { type LitellmReading, readLitellm } from "./read-litellm.ts";

/** The output file contains prices of another source. */
class OwnPricesError extends CounterbalanceError {
  readonly exitCode = EXIT.refused;
}

/** A refreshed list, and what was left out of it. */
export interface RefreshedPrices extends Pick<LitellmReading, "leftOut"> {
  readonly list: PriceList;
}

const BYTES_MAX = 32 * 1024 * 1024;
const SOURCE = "LiteLLM";

/**
 * Writes a price list made from a local copy of the public LiteLLM list. Without `asOf`, its date is the
 * day of the copy.
 * @throws ConfigurationError if the copy is not that list, OwnPricesError if the output has other prices.
 */
export function refreshPrices({
  from,
  out,
  asOf,
}: {
  readonly from: string;
  readonly out: string;
  readonly asOf: string | undefined;
}): RefreshedPrices {
  const { text, modifiedMs } = readCopy(from);
  const reading = readLitellm(parse(text, from));
  if (reading === null) {
    throw new ConfigurationError(
      `${from}: expected the public LiteLLM list (model_prices_and_context_window.json), got something else. Name a copy of that file.`,
    );
  }
  refuseOwnPrices(out);
  const digest = createHash("sha256").update(text).digest("hex");
  const list: PriceList = {
    name: path.basename(out, path.extname(out)),
    as_of: asOf ?? timestampOf(modifiedMs).slice(0, "YYYY-MM-DD".length),
    source: `${SOURCE}, ${path.basename(from)}, SHA-256 ${digest}`,
    models: reading.models,
  };
  refuseOddDate(list);
  const written = out.endsWith(".json") ? `${JSON.stringify(list, null, 2)}\n` : stringify(list);
  refuseTooMany(written, from);
  write(out, written);
  return { list, leftOut: reading.leftOut };
}

/** A list with an invalid date could not be read back. The models are already checked. */
function refuseOddDate(list: PriceList): void {
  if (PriceListSchema.safeParse(list).success) return;
  throw new ConfigurationError(
    `--as-of ${String(list.as_of)}: expected a day of the calendar. Write e.g. --as-of 2026-01-31.`,
  );
}

function refuseTooMany(written: string, from: string): void {
  const bytes = Buffer.byteLength(written);
  if (bytes <= CONFIGURATION_BYTES_MAX) return;
  throw new ConfigurationError(
    `${from}: expected prices that fill at most ${String(CONFIGURATION_BYTES_MAX)} bytes, got ${String(bytes)}. Leave models that you don't use out of the copy.`,
  );
}

function write(out: string, text: string): void {
  try {
    writeFileSync(out, text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigurationError(
      `${out}: expected a file that can be written, got: ${reason}. Name another with --out.`,
    );
  }
}

function readCopy(file: string): { readonly text: string; readonly modifiedMs: number } {
  const status = statSync(file, { throwIfNoEntry: false });
  if (status?.isFile() !== true) {
    throw new ConfigurationError(
      `${file}: expected a copy of the public LiteLLM list, got ${status === undefined ? "nothing" : "no file"}. Download model_prices_and_context_window.json and name it.`,
    );
  }
  if (status.size > BYTES_MAX) {
    throw new ConfigurationError(
      `${file}: expected at most ${String(BYTES_MAX)} bytes, got ${String(status.size)}. Name a copy of the LiteLLM list.`,
    );
  }
  return { text: readFileSync(file, "utf8"), modifiedMs: status.mtimeMs };
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch {
    throw new ConfigurationError(
      `${file}: expected JSON, got something else. Name a whole copy of the LiteLLM list.`,
    );
  }
}

/** A refresh may overwrite a list that a refresh wrote, but never prices that a user typed. */
function refuseOwnPrices(out: string): void {
  if (!existsSync(out) || readYamlFile(out, PriceListSchema).source?.startsWith(SOURCE) === true)
    return;
  throw new OwnPricesError(
    `${out}: expected no file, or one that a refresh wrote, got prices of another source. Write to another file with --out.`,
  );
}
