export interface Booking {
  from: string;
  to: string;
  who: string;
}

export interface Room {
  book(booking: Booking): { ok: true } | { ok: false; conflict: Booking };
  cancel(booking: Booking): boolean;
  bookings(): Booking[];
  free(minMinutes?: number): { from: string; to: string }[];
}

export function openRoom(): Room {
  throw new Error("not built yet");
}
