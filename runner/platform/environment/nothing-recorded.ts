import { UsageError } from "../../../ledger/domain/errors.ts";

/** There is no ledger, or the experiment is not in it. */
export class NothingRecordedError extends UsageError {}
