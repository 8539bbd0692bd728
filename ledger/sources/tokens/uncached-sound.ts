import type { BillingDraft } from "../../domain/billing.ts";

/** What a usage states of a prompt, in tokens. */
interface Prompt {
  readonly prompt?: number | undefined;
  readonly cached?: number | undefined;
  readonly sound?: number | undefined;
  readonly cachedSound?: number | undefined;
}

/**
 * Sound that was not read from the cache: cached tokens have their price already. Without a count of cached
 * sound it may be unclear how much there is. Then nobody knows the price.
 */
export function uncachedSound(said: Prompt): Pick<BillingDraft, "audio_input" | "unpriced"> {
  const { prompt = 0, cached = 0, sound, cachedSound } = said;
  if (sound === undefined) return {};
  const least = Math.max(0, sound - (cachedSound ?? cached));
  const most = cachedSound === undefined ? Math.min(sound, Math.max(0, prompt - cached)) : least;
  if (least !== most) return { audio_input: null, unpriced: "cached_sound" };
  return { audio_input: least === 0 ? null : least, unpriced: null };
}
