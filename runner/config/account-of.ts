import type { Provider } from "./configuration.ts";

/** Who is asked, and who pays for it: providers of one account share a vendor's meters. */
export function accountOf({ upstream, credential }: Provider): string {
  return JSON.stringify([upstream, credential]);
}
