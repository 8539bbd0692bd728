import type { ProxiedRequest } from "../../ledger/domain/proxied-request.ts";

const CLIENT_ERROR = 400;

/** Whether a request ended with an error status or a network error; a client that left is none. */
export function isError({
  status,
  is_client_gone,
}: Pick<ProxiedRequest, "status" | "is_client_gone">): boolean {
  return !is_client_gone && status !== null && (status === 0 || status >= CLIENT_ERROR);
}
