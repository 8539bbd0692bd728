import { z } from "zod";

import { parseJson } from "../../../../ledger/domain/parse-json.ts";
import type { Authority } from "../mitm/authority.ts";

/** The place at which a vendor renews log-ins, by OAuth 2 (RFC 6749, section 6). */
export interface RenewalPlace {
  /** Lower case. */
  readonly hosts: readonly string[];
  readonly path: string;
}

/** Lets the client of one attempt renew a log-in, under the proxy's eyes. */
export interface Renewals extends RenewalPlace {
  /** Opens the TLS of these hosts. The client trusts it. */
  readonly authority: Authority;
  /** Called with what the vendor answered, before the client gets it. */
  readonly take: (renewal: Renewal) => void;
}

/** A request for new tokens that the vendor has answered. */
export interface Renewal {
  /** The refresh token that the request presented; null if it had none. */
  readonly presented: string | null;
  /** The tokens that the vendor issued; null if it refused, or if its answer could not be read. */
  readonly issued: Issued | null;
  readonly status: number;
}

/** The vendor's answer (RFC 6749, section 5.1). */
const Issued = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** Seconds. */
  expires_in: z.number().nonnegative().optional(),
});
export type Issued = z.infer<typeof Issued>;

const OK = 200;

export function readIssued(status: number, answer: Buffer): Issued | null {
  if (status !== OK) return null;
  return Issued.safeParse(parseJson(answer.toString("utf8"))).data ?? null;
}

/** A request for tokens as the vendor gets it. */
export interface TokenRequest {
  readonly presented: string | null;
  readonly contentType: string;
  readonly body: Buffer;
}

const FORM = "application/x-www-form-urlencoded";

/**
 * Reads a request for tokens and writes it again from what was read, so that the vendor sees the very token
 * that the proxy has seen: a name that comes twice can mean two things. Null if it is not such a request.
 */
export function readTokenRequest(body: Buffer, contentType = ""): TokenRequest | null {
  const text = body.toString("utf8");
  if (contentType.toLowerCase().startsWith(FORM)) {
    const fields = Object.fromEntries(new URLSearchParams(text));
    const written = Buffer.from(String(new URLSearchParams(fields)));
    return { presented: presentedIn(fields), contentType: FORM, body: written };
  }
  const parsed = parseJson(text);
  if (typeof parsed !== "object" || parsed === null) return null;
  const fields = Object.fromEntries(Object.entries(parsed).filter(([, value]) => isPlain(value)));
  const written = Buffer.from(JSON.stringify(fields));
  return { presented: presentedIn(fields), contentType: "application/json", body: written };
}

function isPlain(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function presentedIn({ grant_type, refresh_token }: Readonly<Record<string, unknown>>) {
  const isRenewal = grant_type === "refresh_token" && typeof refresh_token === "string";
  return isRenewal ? refresh_token : null;
}
