import type { ExchangeOpening } from "./exchange.ts";

/** The header by which a client's session log and our row join; null where no dialect has one. */
export function requestIdOf(
  opening: Pick<ExchangeOpening, "dialect" | "traceId">,
): { readonly header: string; readonly traceId: string } | null {
  return opening.dialect === null
    ? null
    : { header: opening.dialect.requestIdHeader, traceId: opening.traceId };
}
