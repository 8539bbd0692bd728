import {
  countsOfGemini,
  type GeminiCounts,
  readGeminiBilling,
  readGeminiCounts,
  readGeminiSearches,
} from "../../../../ledger/sources/tokens/gemini.ts";
import { errorCode, member, parseJson, textMember } from "../../../platform/json/json-value.ts";
import { type Dialect, GatheringMeter, type MeteredEvent, type OwnAnswer } from "./dialect.ts";

/** With this status its clients stop after one request. */
const HARD_STOP_STATUS = 402;

/** `models/NAME:METHOD` of the Gemini API, of Vertex AI and, without a name, of the CLI's log-in. */
const METHOD = /\/(?:(?:models|tunedmodels)\/([^/:]+)|v1internal):([a-z]+)$/;
const KINDS: Readonly<Record<string, "model" | "count_tokens">> = {
  generatecontent: "model",
  streamgeneratecontent: "model",
  counttokens: "count_tokens",
};

/** Google's Gemini API. Its other methods, such as batches and embeddings, have no countable answer. */
export const gemini: Dialect = {
  name: "gemini",
  requestIdHeader: "x-request-id",
  convention: "cache_inside",
  kindOf: (path) => KINDS[METHOD.exec(path)?.[2] ?? ""] ?? null,
  modelIn: (path) => METHOD.exec(path)?.[1] ?? null,
  outputLimits: ["maxOutputTokens"],
  limitsIn: "generationConfig",
  newMeter: () => new GeminiMeter(),
  hardStop: (sentence) => answer(HARD_STOP_STATUS, sentence),
  streamStop: (sentence) => `data: ${JSON.stringify(answer(HARD_STOP_STATUS, sentence).body)}\n\n`,
  failure: answer,
};

function answer(code: number, message: string): OwnAnswer {
  const status = code < 500 ? "FAILED_PRECONDITION" : "INTERNAL";
  return { status: code, body: { error: { code, message, status } } };
}

/**
 * Reads the usage of a Gemini answer: one document, or a stream as events or as one JSON array. Every
 * part has the usage so far, so a later figure replaces an earlier one.
 */
export class GeminiMeter extends GatheringMeter {
  #counts: GeminiCounts = {};

  readEvent({ data }: MeteredEvent): void {
    this.addOutput(data);
    this.#readPart(parseJson(data));
  }

  readDocument(document: unknown): void {
    const parts: readonly unknown[] = Array.isArray(document) ? document : [document];
    for (const part of parts) {
      this.addOutput(JSON.stringify(part));
      this.#readPart(part);
    }
  }

  #readPart(part: unknown): void {
    const error = member(part, "error");
    if (error !== undefined) {
      this.error = errorCode(member(error, "status"), "unnamed_error");
      return;
    }
    // The CLI's log-in wraps each part.
    const response = member(part, "response") ?? part;
    this.model = textMember(response, "modelVersion") ?? this.model;
    const usage = member(response, "usageMetadata");
    this.#counts = { ...this.#counts, ...readGeminiCounts(usage) };
    this.bill(readGeminiBilling(usage), searchesIn(response));
    this.take(countsOfGemini(this.#counts));
    if (hasFinished(response)) this.isComplete = true;
  }
}

function searchesIn(response: unknown): number {
  const candidates = member(response, "candidates");
  const searches = Array.isArray(candidates) ? candidates.map(readGeminiSearches) : [];
  return searches.reduce<number>((sum, count) => sum + (count ?? 0), 0);
}

/** A blocked prompt has no candidates. */
function hasFinished(response: unknown): boolean {
  const candidates = member(response, "candidates");
  const reasons = Array.isArray(candidates)
    ? candidates.map((candidate: unknown) => member(candidate, "finishReason"))
    : [member(member(response, "promptFeedback"), "blockReason")];
  return reasons.some((reason) => typeof reason === "string");
}
