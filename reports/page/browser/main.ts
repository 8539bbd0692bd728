import { type CheckOrder, checkOrder } from "./check-order.ts";
import { startPage } from "./start-page.ts";

// The page starts its own code once more in a thread, which only computes.
if (typeof document === "undefined") {
  self.addEventListener("message", ({ data }: MessageEvent<CheckOrder>) => {
    // Only a reported error reaches the page; a rejection would not.
    checkOrder(data).then((checked) => postMessage(checked), reportError);
  });
} else {
  void startPage();
}
