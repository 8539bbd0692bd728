import { costOf, type Order } from "./order.ts";
import { shippingOf } from "./shipping.ts";

/** What an order costs with shipping, in cents. */
export function priceOrder(order: Order): number {
  let cents = costOf(order.lines);
  const bulk = order.lines.filter((line) => line.quantity >= 10);
  if (bulk.length > 0) {
    cents = cents - Math.round((costOf(bulk) * 10) / 100);
  }
  if (order.customer.tier === "gold") {
    cents = cents - Math.round((cents * 5) / 100);
    if (order.customer.firstOrder) {
      if (order.coupon === "WELCOME") {
        if (cents >= 2000) {
          cents = cents - 500;
        }
      }
    }
  } else {
    if (order.customer.tier === "silver") {
      cents = cents - Math.round((cents * 2) / 100);
      if (order.customer.firstOrder && order.coupon === "WELCOME") {
        if (cents >= 2000) {
          cents = cents - 500;
        }
      }
    } else {
      if (order.coupon === "WELCOME") {
        if (order.customer.firstOrder) {
          if (cents >= 2000) {
            cents = cents - 500;
          }
        }
      }
    }
  }
  return cents + shippingOf(cents, order.coupon);
}
