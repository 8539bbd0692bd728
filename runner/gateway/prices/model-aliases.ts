/** Another id under which lists have the price of a model. */
export interface ModelAlias {
  readonly id: string;
  /** How many times that price a request costs. */
  readonly factor: number;
}

/** The date or the word that vendors append to an id: `-20250929`, `-2025-08-07`, `@20250929`, `@default`. */
const VERSION = /(?:[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?(?:0[1-9]|[12]\d|3[01])|@default)$/;

/** The id itself, and without its date. */
export function ownIds(model: string): readonly string[] {
  return [...new Set([model, model.replace(VERSION, "")])];
}

/**
 * Vendors as gateways such as OpenRouter write them before their models. Nobody else sells these models at
 * prices of their own, as many do with open ones.
 */
const VENDORS: ReadonlySet<string> = new Set(["anthropic", "google", "openai", "x-ai"]);
/** OpenRouter's ids for batches, which cost half. */
const BATCH = ":batch";
const HALF = 0.5;

const REGIONS = ["us", "eu", "apac", "au", "jp", "in"] as const;
/** Amazon asks a tenth more where a request has to stay in a region. */
const REGIONAL = 1.1;
/** `us.anthropic.claude-opus-4-5-20251101-v1:0` */
const BEDROCK =
  /^(global|us|eu|apac|au|jp|in)\.(?:anthropic|openai|xai)\.(.+?)(?:-v\d+(?::\d+)?)?$/;

/** The ids of the vendor's own models behind an id of OpenRouter or Bedrock. */
export function vendorIds(model: string): readonly ModelAlias[] {
  const [, region, atAmazon] = BEDROCK.exec(model) ?? [];
  if (atAmazon !== undefined) {
    const isGlobal = region === "global";
    const rest = model.slice(model.indexOf("."));
    // A price that a list has for another region holds for this one too.
    const listed = isGlobal ? [] : REGIONS.map((other) => ({ id: `${other}${rest}`, factor: 1 }));
    const factor = isGlobal ? 1 : REGIONAL;
    return [...listed, ...ownIds(atAmazon).map((id) => ({ id, factor }))];
  }
  const slash = model.indexOf("/");
  const [vendor, rest] = [model.slice(0, slash), model.slice(slash + 1)];
  if (!VENDORS.has(vendor)) return [];
  const factor = rest.endsWith(BATCH) ? HALF : 1;
  const name = factor === 1 ? rest : rest.slice(0, -BATCH.length);
  // OpenRouter writes claude-opus-5.5 for claude-opus-5-5.
  const dashed = vendor === "anthropic" ? [name.replaceAll(".", "-")] : [];
  const ids = [name, ...dashed].flatMap(ownIds);
  return [...new Set(ids)].map((id) => ({ id, factor }));
}
