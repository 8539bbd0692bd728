import { check as checkBy } from "./check.js";

const ORDER = {
  type: "object",
  fields: {
    customer: {
      type: "object",
      fields: {
        name: { type: "text", min: 1, max: 40 },
        email: { type: "text", pattern: "[^@\\s]+@[^@\\s]+\\.[^@\\s]+", message: "is no e-mail address" },
      },
    },
    delivery: { type: "text", oneOf: ["pickup", "courier"] },
    address: { type: "text", min: 1, neededIf: { field: "delivery", is: "courier" } },
    note: { type: "text", max: 40, optional: true },
    items: {
      type: "list",
      min: 1,
      max: 5,
      unique: "sku",
      of: {
        type: "object",
        fields: {
          sku: { type: "text", pattern: "[A-Z]{2}-\\d{3}", message: "is no article number" },
          count: { type: "number", min: 1, max: 99, whole: true },
        },
      },
    },
  },
};

export function check(schema, value) {
  return checkBy(schema, value);
}

export function checkOrder(order) {
  return check(ORDER, order);
}
