import { BLOCKS } from "../page-data.ts";
import type { Recheck, ShownAnswers } from "../recheck.ts";
import { type CheckOrder, checkOrder } from "./check-order.ts";
import { byId, h } from "./dom.ts";
import { packedBlock } from "./read-block.ts";

const SHOWN = 5;

/** Computes the verdict again in a worker, and says whether it agrees with the printed one. */
export async function checkVerdict(): Promise<void> {
  const place = byId("recheck");
  place.textContent = "Computing the verdict again from the data in this page …";
  try {
    const { windows, requests, verdict } = BLOCKS;
    const order = {
      windows: packedBlock(windows),
      requests: packedBlock(requests),
      verdict: packedBlock(verdict),
      shown: readAnswers(),
    };
    say(place, await recheckApart(order));
  } catch (error) {
    place.className = "disagrees";
    place.textContent = `The verdict could not be computed again: ${String(error)}`;
  }
}

/** In a thread of its own, so that the page stays quick; here if the browser allows none. */
async function recheckApart(order: CheckOrder): Promise<Recheck> {
  const worker = startWorker();
  if (worker === null) return await checkOrder(order);
  try {
    return await new Promise((resolve, reject) => {
      worker.addEventListener("message", ({ data }: MessageEvent<Recheck>) => resolve(data));
      worker.addEventListener("error", ({ message }) => reject(new Error(message)));
      // A thread has no origin to name.
      // oxlint-disable-next-line unicorn/require-post-message-target-origin
      worker.postMessage(order);
    });
  } finally {
    worker.terminate();
  }
}

function startWorker(): Worker | null {
  const script = [...document.scripts].find(({ type }) => type === "");
  if (script === undefined) return null;
  const address = URL.createObjectURL(new Blob([script.text], { type: "text/javascript" }));
  try {
    return new Worker(address);
  } catch {
    return null;
  } finally {
    // The thread has begun to load it.
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
  }
}

/** The answers as the page shows them. */
function readAnswers(): ShownAnswers {
  return [...document.querySelectorAll(".answer")].map((answer) =>
    [...answer.querySelectorAll("[data-answer]")].map(({ textContent }) =>
      textContent.replaceAll("\u00A0", " "),
    ),
  );
}

function say(place: HTMLElement, { windows, compared, differences, none }: Recheck): void {
  if (compared === 0) {
    place.className = "";
    place.textContent = `There is no answer to compute again. ${none ?? ""}`;
    return;
  }
  const isAgreed = differences.length === 0;
  place.className = isAgreed ? "agrees" : "disagrees";
  const counted = `Your browser computed the answer again from ${String(windows)} windows`;
  const sentence = isAgreed
    ? `${counted}: all ${String(compared)} texts and figures agree with the printed ones.`
    : `${counted}: ${String(differences.length)} of ${String(compared)} texts and figures differ from the printed ones.`;
  const rest = none === null ? "" : ` The gates' verdict was not computed: ${none}`;
  place.replaceChildren(
    h("strong", {}, isAgreed ? "Agrees. " : "Does not agree. "),
    `${sentence}${rest}`,
  );
  const items = differences
    .slice(0, SHOWN)
    .map(({ candidate, figure, printed, computed }) =>
      h("li", {}, `${candidate}, ${figure}: printed ${printed}, computed ${computed}`),
    );
  if (items.length > 0) place.append(h("ul", {}, ...items));
}
