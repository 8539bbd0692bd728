import { errorCode } from "../metering/error-code.ts";
import { textMember } from "../metering/json-value.ts";
import type { OwnAnswer } from "./dialect.ts";

export function openaiError(status: number, message: string): OwnAnswer {
  const type = status < 500 ? "invalid_request_error" : "server_error";
  return { status, body: { error: { message, type, param: null, code: null } } };
}

/** The name of an error, by its code or, where that is a number or missing, its type. */
export function openaiErrorCode(error: unknown): string {
  return errorCode(textMember(error, "code") ?? textMember(error, "type"), "unnamed_error");
}
