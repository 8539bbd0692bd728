import { LruCache } from "./lru-cache.ts";

/** A function with the same answers, which works out an answer only if the cache does not have it. */
export function remember<Answer>(work: (key: string) => Answer, capacity: number): (key: string) => Answer {
  const answers = new LruCache(capacity);
  return (key) => {
    if (!answers.has(key)) answers.set(key, work(key));
    return answers.get(key) as Answer;
  };
}
