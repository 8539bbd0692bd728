import { formatCount } from "../../text/number-text.ts";
import type { ListedWindow, WindowData } from "../page-data.ts";

export const NONE = "–";

export function orDash(value: number | null, say: (value: number) => string = String): string {
  return value === null ? NONE : say(value);
}

export function windowName({ window }: ListedWindow): string {
  return window ?? "(no id yet)";
}

/** The address of a window's page. Manual windows of several providers may share one id. */
export function windowAddress({ window, provider }: ListedWindow): string {
  return `#/window/${encodeURIComponent(window ?? "")}/${encodeURIComponent(provider)}`;
}

export function costText(
  { cost, is_lower_bound }: ListedWindow,
  measure: WindowData["measure"],
): string {
  if (cost === null) return NONE;
  const amount = measure === "usd" ? `$${cost.toFixed(4)}` : formatCount(cost);
  return `${is_lower_bound ? "≥ " : ""}${amount}`;
}

export function unitOf(measure: WindowData["measure"]): string {
  return { tokens: " tokens", usd: "", meter: " of the meter" }[measure];
}

/** What a meter shows: whole tokens, or a share with its decimals. */
export function meterText(value: number): string {
  return Number.isInteger(value) ? formatCount(value) : String(value);
}

/** A duration as people read it: 850 ms, 12.3 s, 4 min 5 s. */
export function durationText(ms: number): string {
  const SECOND = 1_000;
  const MINUTE = 60 * SECOND;
  if (ms < SECOND) return `${ms.toFixed(0)} ms`;
  if (ms < MINUTE - SECOND / 20) return `${(ms / SECOND).toFixed(1)} s`;
  const seconds = Math.round(ms / SECOND);
  return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
}
