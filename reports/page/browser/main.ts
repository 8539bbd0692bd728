import { recheck } from "../recheck.ts";
import type { CheckOrder } from "./check-verdict.ts";
import { startPage } from "./start-page.ts";

// The page starts its own code once more in a thread, which only computes.
if (typeof document === "undefined") {
  self.addEventListener("message", ({ data }: MessageEvent<CheckOrder>) => {
    postMessage(recheck(data.checked, data.shown));
  });
} else {
  void startPage();
}
