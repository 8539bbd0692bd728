/** A window that somebody plans to work, and when. */
export interface ScheduledWindow {
  readonly startMs: number;
  readonly endMs: number;
  readonly window: string;
  readonly agent: string;
  readonly provider: string;
}

/** Says which window a line or an event plans. A window is planned once. */
export function planKey({ window, agent, provider }: ScheduledWindow): string {
  return `${window} ${agent} ${provider}`;
}
