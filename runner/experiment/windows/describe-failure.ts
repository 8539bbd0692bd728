import type { UnknownModel } from "../../gateway/traffic/asked-models.ts";
import { mendOfCompany, PROXY_STATUS } from "../../platform/network/mend-network.ts";

/** The last request of an attempt, as the proxy saw its end. */
interface LastRequest {
  /** 0 is a network error. */
  readonly lastStatus: number | null;
  /** The code of its error; null if it did not fail. */
  readonly lastError: string | null;
}

const OK = 200;

/** Says what became of a failed request, with the code that a search finds. */
export function describeFailure({ lastStatus, lastError }: LastRequest): string {
  const code = lastError === null ? "" : ` (${lastError})`;
  if (lastStatus === 0) return `a network error${code}`;
  return lastStatus === OK ? `a broken answer${code}` : `status ${String(lastStatus)}${code}`;
}

const UNREACHABLE =
  "Nothing can be reached at the upstream's address: check its base_url and this machine's network.";

/** The mends of errors of DNS, of connections and of TLS, by their codes. The first that fits counts. */
const MENDS: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN|EAI_NODATA|EAI_NONAME)$/,
    "The name of the upstream's host was not found: check its base_url and this machine's DNS.",
  ],
  [
    /^ECONNREFUSED$/,
    "Nothing listens at the upstream's address: check its base_url, and start its server.",
  ],
  [/^(?:EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/, UNREACHABLE],
  [
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    "The upstream's certificate is out of date: renew it, or set this machine's clock.",
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    "The upstream's certificate is for another host: check its base_url.",
  ],
  [/CERT|ISSUER/, "The upstream's certificate can't be used: renew it, or check its base_url."],
  [
    /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/,
    "The upstream speaks no TLS that this machine knows: check whether its base_url begins with http or https, and its port.",
  ],
];

const NOT_FOUND = 404;
const PROXY_ASKS_FOR_USER = 407;

/** What a person can do about a failed request, after a blank; empty if nothing is known to help. */
export function mendOf({ lastStatus, lastError }: LastRequest): string {
  if (lastStatus === 0) {
    const code = lastError ?? "";
    const mend = mendOfCompany(code) ?? MENDS.find(([codes]) => codes.test(code))?.[1];
    return ` ${mend ?? UNREACHABLE}`;
  }
  if (lastStatus === PROXY_ASKS_FOR_USER) {
    return ` ${mendOfCompany(`${PROXY_STATUS}${String(lastStatus)}`) ?? ""}`;
  }
  if (lastStatus === NOT_FOUND) return " Check the path of the upstream's base_url.";
  return "";
}

export function sayUnknownModel({ model, status, error }: UnknownModel): string {
  return `The provider does not know the model "${model}" (status ${String(status)}, ${error}). Correct its name, or the upstream that it is asked at.`;
}
