/** What makes a model work, and tells in no form that a meter reads what it took. */
const UNCOUNTED: readonly RegExp[] = [
  // Batches answer hours later, elsewhere.
  /\/batches$/,
  /\/(?:embeddings|completions|complete|rerank|moderations)$/,
  /\/(?:images|audio|videos|fine_tuning|fine-tunes|threads|realtime|evals)(?:\/|$)/,
  // Gemini and Vertex: models/NAME:generateContent and its kin; counting is free.
  /:(?!counttokens$)[a-z]+$/,
];

/**
 * Whether a request makes a model work in a way that nobody can count.
 * @param path in one spelling: lower case, decoded.
 */
export function isUncountedWork(method: string, path: string): boolean {
  return method === "POST" && UNCOUNTED.some((pattern) => pattern.test(path));
}
