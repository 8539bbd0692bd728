import { createHash } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import { stringify } from "yaml";

import { RefusedError, reasonOf } from "../../../ledger/domain/errors.ts";
import { timestampOf } from "../../../ledger/domain/timestamp.ts";
import { ConfigurationError } from "../../platform/environment/configuration-error.ts";
import type { CompanyNetwork } from "../../platform/network/company-network.ts";
import { CONFIGURATION_BYTES_MAX, readYamlFile } from "../../platform/yaml/read-yaml-file.ts";
import { type PriceList, PriceList as PriceListSchema } from "./price-list.ts";
import type { CatalogueReading } from "./read-catalogue.ts";
import { readLitellm } from "./read-litellm.ts";
import { isModelsDev, readModelsDev } from "./read-models-dev.ts";
import { readPublicList } from "./read-public-list.ts";

/** The output file contains prices of another source. */
class OwnPricesError extends RefusedError {}

/** A refreshed list, and what was left out of it. */
export interface RefreshedPrices extends Pick<CatalogueReading, "leftOut" | "fieldsLeftOut"> {
  readonly list: PriceList;
}

const LITELLM = "LiteLLM";
const MODELS_DEV = "models.dev";

/**
 * Writes a price list made from the public list of LiteLLM or models.dev, as a file or at an address.
 * Without `asOf`, its date is the day on which that was last changed.
 * @throws ConfigurationError if it is neither list, OwnPricesError if the output has other prices.
 */
export async function refreshPrices({
  from,
  out,
  asOf,
  nowMs,
  network,
}: {
  /** A path, or an address that begins with `https://` or `http://`. */
  readonly from: string;
  readonly out: string;
  readonly asOf: string | undefined;
  readonly nowMs: number;
  readonly network: CompanyNetwork;
}): Promise<RefreshedPrices> {
  const { text, changedMs, shown } = await readPublicList(from, { nowMs, network });
  const { source, ...reading } = readCatalogue(text, shown);
  refuseOwnPrices(out);
  const digest = createHash("sha256").update(text).digest("hex");
  const list: PriceList = {
    name: path.basename(out, path.extname(out)),
    as_of: asOf ?? timestampOf(changedMs).slice(0, "YYYY-MM-DD".length),
    source: `${source}, ${path.basename(shown)}, SHA-256 ${digest}`,
    models: reading.models,
  };
  refuseOddDate(list);
  const written = out.endsWith(".json") ? `${JSON.stringify(list, null, 2)}\n` : stringify(list);
  refuseTooMany(written, shown);
  write(out, written);
  return { list, leftOut: reading.leftOut, fieldsLeftOut: reading.fieldsLeftOut };
}

function readCatalogue(text: string, from: string): CatalogueReading & { readonly source: string } {
  const document = parse(text, from);
  if (typeof document === "object" && document !== null && !Array.isArray(document)) {
    const isOther = isModelsDev(document);
    const reading = isOther ? readModelsDev(document) : readLitellm(document);
    const source = isOther ? MODELS_DEV : LITELLM;
    if (Object.keys(reading.models).length > 0) return { ...reading, source };
  }
  throw new ConfigurationError(
    `${from}: expected the public LiteLLM list (model_prices_and_context_window.json) or that of models.dev (api.json), got something else. Name a copy of one of them, or its address.`,
  );
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
    throw new ConfigurationError(
      `${out}: expected a file that can be written, got: ${reasonOf(cause)}. Name another with --out.`,
    );
  }
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch {
    throw new ConfigurationError(
      `${file}: expected JSON, got something else. Name a whole copy of the list.`,
    );
  }
}

/** A refresh may overwrite a list that a refresh wrote, but never prices that a user typed. */
function refuseOwnPrices(out: string): void {
  const source = existsSync(out) ? (readYamlFile(out, PriceListSchema).source ?? "") : LITELLM;
  if ([LITELLM, MODELS_DEV].some((name) => source.startsWith(name))) return;
  throw new OwnPricesError(
    `${out}: expected no file, or one that a refresh wrote, got prices of another source. Write to another file with --out.`,
  );
}
