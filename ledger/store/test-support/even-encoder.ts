import type { EncodeLine } from "../ahead/line-code.ts";

/** Takes down the numbers of rows with an even `n`; throws at one with `"n":-1`. */
export const encodeLine: EncodeLine = (line, out) => {
  const n = Number(/"n":(-?\d+)/u.exec(line)?.[1]);
  if (n === -1) throw new Error("This row is not to be taken down.");
  out.number(n);
  out.name(`tens: ${String(Math.floor(n / 10))}`);
  return n % 2 === 0;
};
