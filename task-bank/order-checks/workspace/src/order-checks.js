import { isArticleNumber, isEmailAddress } from "./formats.js";

/** @returns {{ path: string, message: string }[]} all faults of a value by a schema */
export function check(_schema, _value) {
  throw new Error("not built yet");
}

/** @returns {string | undefined} the first fault of an order */
export function checkOrder(order) {
  const { customer, delivery, address, note, items } = order;
  if (!customer) return "customer is missing";
  if (!customer.name) return "name is missing";
  if (customer.name.length > 40) return "name must have at most 40 characters";
  if (!customer.email) return "email is missing";
  if (!isEmailAddress(customer.email)) return "email is no e-mail address";
  if (!delivery) return "delivery is missing";
  if (delivery !== "pickup" && delivery !== "courier") return "delivery must be one of pickup, courier";
  if (delivery === "courier" && !address) return "address is missing";
  if (note && note.length > 40) return "note must have at most 40 characters";
  if (!items || items.length === 0) return "items are missing";
  if (items.length > 5) return "there are more than 5 items";
  for (let i = 0; i < items.length; i += 1) {
    if (!isArticleNumber(items[i].sku)) return "sku is no article number";
    if (!Number.isInteger(items[i].count)) return "count must be a whole number";
    if (items[i].count < 1) return "count must be at least 1";
    if (items[i].count > 99) return "count must be at most 99";
    for (let j = 0; j < i; j += 1) {
      if (items[j].sku === items[i].sku) return "sku is repeated";
    }
  }
  return undefined;
}
