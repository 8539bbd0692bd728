/** How the codes of faults of a company's proxy begin. */
export const PROXY_FAULT = "proxy_";
export const PROXY_STATUS = `${PROXY_FAULT}status_`;

/** The mends of what only the network of a company does. The first that fits counts. */
const MENDS: readonly (readonly [RegExp, string])[] = [
  [
    /^proxy_status_407$/,
    "The proxy asks for a user: write the user and the password into the address of HTTPS_PROXY or HTTP_PROXY.",
  ],
  [
    /^proxy_status_/,
    "The proxy refuses the host: ask who runs the proxy to allow the host, or name the host in NO_PROXY.",
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|CERT_UNTRUSTED/,
    "The certificate is not trusted here: let SSL_CERT_FILE or NODE_EXTRA_CA_CERTS name a file with its authority, for example your company's.",
  ],
  [
    /^proxy_/,
    "The proxy was not reached: check the address of HTTPS_PROXY or HTTP_PROXY, or name the host in NO_PROXY.",
  ],
];

/** What mends a fault of a company's network, by its code; undefined for every other fault. */
export function mendOfCompany(code: string): string | undefined {
  return MENDS.find(([codes]) => codes.test(code))?.[1];
}
