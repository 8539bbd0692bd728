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
  let booked: Booking[] = [];
  return {
    book({ from, to, who }) {
      if (minutesOf(to) <= minutesOf(from)) throw new RangeError(`${from}-${to} does not end after it begins`);
      // Times of two digits each are ordered as their texts are.
      const conflict = booked.find((other) => from < other.to && other.from < to);
      if (conflict !== undefined) return { ok: false, conflict: { ...conflict } };
      booked = [...booked, { from, to, who }].sort((a, b) => (a.from < b.from ? -1 : 1));
      return { ok: true };
    },
    cancel({ from, to, who }) {
      const before = booked.length;
      booked = booked.filter((other) => other.from !== from || other.to !== to || other.who !== who);
      return booked.length < before;
    },
    bookings: () => booked.map((booking) => ({ ...booking })),
    free(minMinutes = 1) {
      const begins = ["00:00", ...booked.map(({ to }) => to)];
      const ends = [...booked.map(({ from }) => from), "24:00"];
      return begins
        .map((from, index) => ({ from, to: ends[index] ?? "24:00" }))
        .filter(({ from, to }) => minutesOf(to) - minutesOf(from) > Math.max(0, minMinutes === 1 ? 0 : minMinutes));
    },
  };
}

function minutesOf(time: string): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (!(total <= 24 * 60) || Number(minutes) > 59) throw new RangeError(`"${time}" is not on the day's clock`);
  return total;
}
