/** What shipping costs if the goods cost so much after all discounts, in cents. */
export function shippingOf(goodsCents: number, coupon?: string): number {
  return goodsCents >= 5000 || coupon === "FREESHIP" ? 0 : 490;
}
