import type { Room } from "./room-bookings.ts";

/** The day of a room as a text, with a line for each booking and each free time. */
export function dayPlan(room: Room): string {
  const booked = room.bookings().map(({ from, to, who }) => `${from}-${to} ${who}`);
  const free = room.free().map(({ from, to }) => `${from}-${to} free`);
  // Times of two digits each are ordered as their texts are.
  return [...booked, ...free].sort().join("\n");
}
