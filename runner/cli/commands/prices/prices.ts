import path from "node:path";

import picomatch from "picomatch";

import { countNoun } from "../../../../reports/text/number-text.ts";
import { plainTable } from "../../../../reports/text/plain-table.ts";
import { toPlainLine } from "../../../../reports/text/plain-text.ts";
import {
  type ListedPrice,
  listPrices,
  type PriceBook,
} from "../../../gateway/prices/price-book.ts";
import { type FoundPlan, listPlans } from "../../../gateway/prices/price-list.ts";
import { isAddress } from "../../../gateway/prices/read-public-list.ts";
import { type RefreshedPrices, refreshPrices } from "../../../gateway/prices/refresh-prices.ts";
import { loadPriceBook } from "../../../plan/config/load-configuration.ts";
import { ConfigurationError } from "../../../platform/environment/configuration-error.ts";
import { readCompanyNetwork } from "../../../platform/network/company-network.ts";
import { columnsOf } from "../../columns.ts";
import type { CodeOf } from "../../definition.ts";
import { doneWith } from "../../result.ts";
import type { pricesList as list, pricesRefresh as refresh } from "./definition.ts";

/** Lists the prices that an experiment in this folder would use. */
export const pricesList: CodeOf<typeof list> = async (options, environment) => {
  const book = loadPriceBook(options, environment);
  const isAsked = picomatch(options.model ?? "*", { nonegate: true });
  const prices = listPrices(book, environment.clock.nowMs()).filter(({ model }) => isAsked(model));
  const { name, asOf, sha256 } = book;
  const plans = listPlans(book.lists);
  const data = { name, as_of: asOf, sha256, prices, plans: plans.map(toJsonPlan) };
  const columns = columnsOf(environment);
  const say = () =>
    [describeList(book, prices, columns), ...describePlans(plans, columns)].join("\n");
  return doneWith(options, data, say);
};

/** Makes a price file from a public list. */
export const pricesRefresh: CodeOf<typeof refresh> = async (options, environment) => {
  const { cwd, clock } = environment;
  const { from, out, asOf } = options;
  if (asOf !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(asOf)) {
    throw new ConfigurationError(
      `--as-of ${asOf}: expected a date. Write e.g. --as-of 2026-01-31.`,
    );
  }
  const refreshed = await refreshPrices({
    from: isAddress(from) ? from : path.resolve(cwd, from),
    out: path.resolve(cwd, out),
    asOf,
    nowMs: clock.nowMs(),
    network: readCompanyNetwork(environment),
  });
  const { list, leftOut, fieldsLeftOut } = refreshed;
  const taken = Object.keys(list.models);
  const data = {
    as_of: list.as_of,
    source: list.source,
    taken,
    left_out: Object.fromEntries(leftOut),
    fields_left_out: Object.fromEntries(fieldsLeftOut),
  };
  return doneWith(options, data, () => describeRefresh(refreshed, out));
};

function describeList(book: PriceBook, prices: readonly ListedPrice[], columns?: number): string {
  const head = ["MODEL", "INPUT", "OUTPUT", "CACHE READ", "WRITE 5M", "WRITE 1H", "SEARCH", "LIST"];
  const rows = prices.map(({ model, list, price, remarks }) => [
    toPlainLine(model),
    ...[
      price?.input,
      price?.output,
      price?.cache_read,
      price?.cache_write_5m,
      price?.cache_write_1h,
      price?.web_search,
    ].map((figure) => (figure === undefined ? "unknown" : String(figure))),
    toPlainLine(list),
    remarks.join("; "),
  ]);
  return [
    `Prices: ${toPlainLine(book.name)}, ${book.asOf ?? "undated"}, SHA-256 ${book.sha256}`,
    "Dollars per million tokens, and for one search. An unknown price is not zero.",
    "",
    prices.length === 0
      ? "No model has this name."
      : plainTable([[...head, "REMARK"], ...rows], { columns }),
  ].join("\n");
}

function toJsonPlan({ name, list, asOf, price }: FoundPlan) {
  return { plan: name, list, as_of: asOf, price };
}

function describePlans(plans: readonly FoundPlan[], columns?: number): readonly string[] {
  if (plans.length === 0) return [];
  const head = ["PLAN", "DOLLARS", "PER DAYS", "METER", "STEP %", "LIST"];
  const rows = plans.map(({ name, list, price: { usd, per_days, meter, step_percent } }) => [
    toPlainLine(name),
    String(usd),
    String(per_days),
    meter,
    String(step_percent),
    toPlainLine(list),
  ]);
  return [
    "",
    "Subscriptions, by the meter that says how much was taken.",
    "",
    plainTable([head, ...rows], { columns }),
  ];
}

function describeRefresh(refreshed: RefreshedPrices, out: string): string {
  const { list, leftOut, fieldsLeftOut } = refreshed;
  const reasons = [...leftOut].map(
    ([reason, names]) =>
      `  ${String(names.length)}: ${reason}, e.g. ${names.slice(0, 3).map(toPlainLine).join(", ")}`,
  );
  const fields = [...fieldsLeftOut].map(
    ([field, models]) => `  ${toPlainLine(field)}: ${countNoun(models, "model")}`,
  );
  return [
    `Took the prices of ${String(Object.keys(list.models).length)} models, as of ${String(list.as_of)}.`,
    `Source: ${toPlainLine(list.source ?? "")}`,
    ...(reasons.length === 0 ? [] : ["Left out:", ...reasons]),
    ...(fields.length === 0 ? [] : ["Fields of these models that are not read:", ...fields]),
    `Written: ${out}. Use them with "prices: ${out}" in the experiment file.`,
  ].join("\n");
}
