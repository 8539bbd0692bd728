import { z } from "zod";

import type { LongPrompt, ModelPrice } from "./price-list.ts";
import { CatalogueReader, type CatalogueReading, present } from "./read-catalogue.ts";

const Dollars = z.number().nonnegative();

const Classes = z.looseObject({
  input: Dollars,
  output: Dollars,
  cache_read: Dollars.optional(),
  cache_write: Dollars.optional(),
});
type Classes = z.infer<typeof Classes>;

const Cost = Classes.extend({
  input_audio: Dollars.optional(),
  output_audio: Dollars.optional(),
  reasoning: Dollars.optional(),
  tiers: z
    .array(Classes.extend({ tier: z.looseObject({ type: z.string(), size: z.int().positive() }) }))
    .optional(),
  context_over_200k: Classes.optional(),
});
type Cost = z.infer<typeof Cost>;

const Mode = z.looseObject({
  cost: Classes.optional(),
  provider: z
    .looseObject({
      body: z
        .looseObject({ service_tier: z.string().optional(), speed: z.string().optional() })
        .optional(),
    })
    .optional(),
});

const Model = z.looseObject({
  id: z.string().min(1),
  cost: Cost.optional(),
  modalities: z.looseObject({ output: z.array(z.string()) }).optional(),
  experimental: z.looseObject({ modes: z.record(z.string(), Mode).optional() }).optional(),
});
type Model = z.infer<typeof Model>;

/** The only type of tier that is read: by the length of the prompt. */
const CONTEXT = "context";

const House = z.looseObject({ models: z.record(z.string(), z.unknown()) });

/** Vendors that sell their own models. Gateways have other prices. */
const HOUSES: readonly string[] = [
  "anthropic",
  "openai",
  "google",
  "zai",
  "moonshotai",
  "deepseek",
  "xai",
  "mistral",
  "minimax",
  "meta",
  "alibaba",
];

/** Whether a document looks like the list of models.dev (`api.json`). */
export function isModelsDev(document: object): boolean {
  return Object.values(document).some((house) => House.safeParse(house).success);
}

/** Reads the list of models.dev. */
export function readModelsDev(document: object): CatalogueReading {
  const reader = new CatalogueReader();
  for (const [house, value] of Object.entries(document)) {
    const models = House.safeParse(value).data?.models ?? {};
    for (const [id, model] of Object.entries(models)) {
      if (HOUSES.includes(house)) readModel(reader, `${house}/${id}`, model);
      else reader.leaveOut(`${house}/${id}`, "sold by another house");
    }
  }
  return reader.read();
}

function readModel(reader: CatalogueReader, name: string, value: unknown): void {
  const model = Model.safeParse(value).data;
  if (model === undefined) return reader.leaveOut(name, "not in the list's form");
  const { id, cost, modalities } = model;
  if (modalities?.output.includes("text") === false) {
    return reader.leaveOut(name, "no model that writes text");
  }
  if (cost === undefined || cost.input === 0 || cost.output === 0) {
    return reader.leaveOut(name, "no price, or a price of 0");
  }
  if (cost.reasoning !== undefined && cost.reasoning !== cost.output) {
    return reader.leaveOut(name, "another price for thinking, which answers don't tell apart");
  }
  if (!reader.take({ name, id, price: priceOf(cost, model), isOwnName: false })) return;
  for (const field of unreadIn(cost, model)) reader.leaveOutField(field);
}

const READ: ReadonlySet<string> = new Set(Object.keys(Cost.shape));
const READ_WITHIN: ReadonlySet<string> = new Set([...Object.keys(Classes.shape), "tier"]);

/** Each field once, with the names of the fields around it. */
function unreadIn(cost: Cost, { experimental: { modes = {} } = {} }: Model): ReadonlySet<string> {
  const { tiers = [], context_over_200k: long } = cost;
  const types = tiers.map(({ tier }) => tier.type);
  return new Set([
    ...Object.keys(cost).filter((field) => !READ.has(field)),
    ...tiers.flatMap((tier) => within("tiers", tier)),
    ...types.flatMap((type) => (type === CONTEXT ? [] : [`tiers of type ${type}`])),
    ...(long !== undefined && types.includes(CONTEXT) ? ["context_over_200k"] : []),
    ...within("context_over_200k", long),
    ...Object.values(modes).flatMap((mode) => within("modes.cost", mode.cost)),
  ]);
}

function within(place: string, classes: object = {}): readonly string[] {
  const unread = Object.keys(classes).filter((field) => !READ_WITHIN.has(field));
  return unread.map((field) => `${place}.${field}`);
}

function priceOf(cost: Cost, { experimental: { modes = {} } = {} }: Model): ModelPrice {
  const tiers = Object.entries(modes).flatMap(
    ([mode, { cost: classes, provider: { body } = {} }]) => {
      const names = new Set([mode, body?.service_tier ?? mode, body?.speed ?? mode]);
      return classes === undefined
        ? []
        : [...names].map((name) => [name, classesOf(classes)] as const);
    },
  );
  const [step, ...others] = stepsOf(cost);
  return {
    ...classesOf(cost),
    ...present({ audio_input: cost.input_audio, audio_output: cost.output_audio }),
    ...(step === undefined ? {} : { long_prompt: others.length === 0 ? step : [step, ...others] }),
    ...(tiers.length === 0 ? {} : { tiers: Object.fromEntries(tiers) }),
  };
}

/** Only the caches may have no price. */
function classesOf(classes: Classes): Omit<LongPrompt, "above_tokens"> {
  const { input, output, cache_read: read, cache_write: written } = classes;
  return { input, output, ...present({ cache_read: known(read), cache_write_5m: known(written) }) };
}

/** The list writes 0 for prices that it does not know. */
function known(figure: number | undefined): number | undefined {
  return figure === 0 ? undefined : figure;
}

const LONG = 200_000;

function stepsOf({ tiers = [], context_over_200k: long }: Cost): readonly LongPrompt[] {
  const byContext = tiers.filter(({ tier }) => tier.type === CONTEXT);
  if (byContext.length === 0 && long !== undefined) {
    return [{ above_tokens: LONG, ...classesOf(long) }];
  }
  return byContext.map(({ tier, ...classes }) => ({
    above_tokens: tier.size,
    ...classesOf(classes),
  }));
}
