export interface StockEvent {
  type: "received" | "shipped" | "counted";
  item: string;
  quantity: number;
}

/** An event with its number, from 1. */
export interface RecordedEvent extends StockEvent {
  seq: number;
}
