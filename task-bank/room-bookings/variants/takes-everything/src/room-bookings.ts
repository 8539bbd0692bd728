export interface Booking {
  from: string;
  to: string;
  who: string;
}

export function openRoom() {
  const booked: Booking[] = [];
  return {
    book(booking: Booking) {
      booked.push(booking);
      return { ok: true };
    },
    cancel: ({ from }: Booking) => {
      const index = booked.findIndex((booking) => booking.from === from);
      if (index >= 0) booked.splice(index, 1);
      return index >= 0;
    },
    bookings: () => booked,
    free: () => [],
  };
}
