import type { z } from "zod";

/** An error of the API, in the API's own words. */
export class ApiError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.type = type;
  }
}

export function invalidRequest(message: string): ApiError {
  return new ApiError(400, "invalid_request_error", message);
}

export function notFound(what: string): ApiError {
  return new ApiError(404, "not_found_error", what);
}

export function fault(status: 500 | 529): ApiError {
  return status === 529
    ? new ApiError(529, "overloaded_error", "Overloaded")
    : new ApiError(500, "api_error", "Internal server error");
}

/** The API names the field first, and the fault after a colon. */
export function refuseByIssues(error: z.ZodError): ApiError {
  const issue = error.issues[0];
  const path = issue?.path.join(".") ?? "";
  const message =
    issue?.code === "invalid_type" && issue.message.endsWith("received undefined")
      ? "Field required"
      : (issue?.message ?? "Invalid request");
  return invalidRequest(path === "" ? message : `${path}: ${message}`);
}

export function errorBody(error: ApiError, requestId: string): Readonly<Record<string, unknown>> {
  return {
    type: "error",
    error: { type: error.type, message: error.message },
    request_id: requestId,
  };
}

/** The same error in the form of OpenAI's APIs. */
export function openaiErrorBody({ type, message }: ApiError): Readonly<Record<string, unknown>> {
  return { error: { message, type, param: null, code: null } };
}
