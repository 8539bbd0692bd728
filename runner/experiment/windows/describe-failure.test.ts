import { expect, test } from "vitest";

import { describeFailure, mendOf } from "./describe-failure.ts";

test.each([
  [0, "ENOTFOUND", "this machine's DNS"],
  [0, "EAI_AGAIN", "this machine's DNS"],
  [0, "ECONNREFUSED", "Nothing listens"],
  [0, "UND_ERR_CONNECT_TIMEOUT", "Nothing can be reached"],
  [0, "SELF_SIGNED_CERT_IN_CHAIN", "NODE_EXTRA_CA_CERTS"],
  [0, "DEPTH_ZERO_SELF_SIGNED_CERT", "NODE_EXTRA_CA_CERTS"],
  [0, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "NODE_EXTRA_CA_CERTS"],
  [0, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "NODE_EXTRA_CA_CERTS"],
  [0, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "SSL_CERT_FILE"],
  [0, "proxy_SELF_SIGNED_CERT_IN_CHAIN", "SSL_CERT_FILE"],
  [0, "proxy_ECONNREFUSED", "HTTPS_PROXY"],
  [0, "proxy_ENOTFOUND", "NO_PROXY"],
  [0, "proxy_status_407", "the password into the address"],
  [0, "proxy_status_403", "allow the host"],
  [407, "http_error", "the password into the address"],
  [0, "CERT_HAS_EXPIRED", "out of date"],
  [0, "ERR_TLS_CERT_ALTNAME_INVALID", "for another host"],
  [0, "ERR_SSL_WRONG_VERSION_NUMBER", "http or https"],
  [0, "EPROTO", "http or https"],
  [404, "http_error", "the path"],
])("status %d with %s has its mend", (lastStatus, lastError, mend) => {
  expect(mendOf({ lastStatus, lastError })).toContain(mend);
});

test.each([
  [529, "overloaded_error"],
  [400, "invalid_request_error"],
  [200, "answer_incomplete"],
])("status %d with %s has none", (lastStatus, lastError) => {
  expect(mendOf({ lastStatus, lastError })).toBe("");
});

test.each([
  [0, "ENOTFOUND", "a network error (ENOTFOUND)"],
  [200, "overloaded_error", "a broken answer (overloaded_error)"],
  [500, "api_error", "status 500 (api_error)"],
  [500, null, "status 500"],
])("status %s with %s is said with its code", (lastStatus, lastError, said) => {
  expect(describeFailure({ lastStatus, lastError })).toBe(said);
});
