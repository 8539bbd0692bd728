import type { SampleCommit } from "./sample-commit.ts";

const TOTAL = `export function total(prices: readonly number[]): number {
  return prices.reduce((sum, price) => sum + price, 0);
}
`;
const ROUNDED = TOTAL.replace(
  "return prices.reduce((sum, price) => sum + price, 0);",
  "return Math.round(prices.reduce((sum, price) => sum + price, 0) * 100) / 100;",
);
const CHEAPEST = `
export function cheapest(prices: readonly number[]): number | undefined {
  return prices.length === 0 ? undefined : Math.min(...prices);
}
`;
const DISCOUNTED = `
export function discounted(prices: readonly number[], percent: number): number {
  if (!(percent >= 0 && percent <= 100)) {
    throw new RangeError("A discount is between 0 and 100 percent.");
  }
  return Math.round(total(prices) * (100 - percent)) / 100;
}
`;
const COUNTED = `
export function countItems(cart: Readonly<Record<string, number>>): number {
  return Object.values(cart).reduce((sum, count) => sum + count, 0);
}
`;
const AMOUNT = `
export function formatAmount(amount: number): string {
  return \`\${amount.toFixed(2)} EUR\`;
}
`;

function testFile(
  names: string,
  ...tests: readonly (readonly [name: string, body: string])[]
): string {
  const bodies = tests.map(([name, body]) => `\ntest("${name}", () => {\n  ${body}\n});\n`);
  return `import { expect, test } from "vitest";\n\nimport { ${names} } from "../src/shop.ts";\n${bodies.join("")}`;
}

const SUMS = ["prices are added up", "expect(total([1, 2])).toBe(3);"] as const;
const CENTS = ["totals are in cents", "expect(total([0.1, 0.2])).toBe(0.3);"] as const;
const EMPTY = ["an empty cart costs nothing", "expect(total([])).toBe(0);"] as const;

/** Ten commits, with the vitest that is on PATH: nothing has to be installed. */
export const typescriptCommits: readonly SampleCommit[] = [
  {
    message: "Add up prices",
    files: {
      "package.json": `${JSON.stringify({ name: "shop", type: "module", private: true, scripts: { test: "vitest run" } }, null, 2)}\n`,
      "src/shop.ts": TOTAL,
      "test/total.test.ts": testFile("total", SUMS),
      ".gitignore": "node_modules/\nresults.xml\n",
    },
  },
  {
    message:
      "Find the cheapest price\n\ncheapest(prices) returns the lowest price, and undefined for none.",
    files: {
      "src/shop.ts": TOTAL + CHEAPEST,
      "test/cheapest.test.ts": testFile(
        "cheapest",
        ["the lowest price is found", "expect(cheapest([2, 1, 3])).toBe(1);"],
        ["no price is the lowest of none", "expect(cheapest([])).toBeUndefined();"],
      ),
    },
  },
  { message: "Say what the shop does", files: { "README.md": "# Shop\n\nAdds up prices.\n" } },
  {
    message: "Round totals to cents\n\ntotal([0.1, 0.2]) is 0.3, not 0.30000000000000004.",
    files: {
      "src/shop.ts": ROUNDED + CHEAPEST,
      "test/total.test.ts": testFile("total", SUMS, CENTS),
    },
  },
  {
    message: "Test an empty cart",
    files: { "test/total.test.ts": testFile("total", SUMS, CENTS, EMPTY) },
  },
  {
    message:
      "Take a discount off the total\n\ndiscounted(prices, percent) rounds to cents. A percentage below 0 or above 100 is a RangeError.",
    files: {
      "src/shop.ts": ROUNDED + CHEAPEST + DISCOUNTED,
      "test/discount.test.ts": testFile(
        "discounted",
        ["a discount is taken off", "expect(discounted([10, 5], 10)).toBe(13.5);"],
        ["too much is refused", "expect(() => discounted([1], 101)).toThrow(RangeError);"],
      ),
    },
  },
  {
    message: "Name the test of totals after the module",
    files: {
      "test/total.test.ts": null,
      "test/shop.test.ts": testFile("total", SUMS, CENTS, EMPTY),
      "README.md": "# Shop\n\nAdds up prices, and tests it.\n",
    },
  },
  {
    message:
      "Count the items of a cart\n\ncountItems(cart) adds up the numbers of a cart such as { tea: 2, milk: 1 }.",
    files: {
      "src/shop.ts": ROUNDED + CHEAPEST + DISCOUNTED + COUNTED,
      "test/count.test.ts": testFile("countItems", [
        "items are counted",
        "expect(countItems({ tea: 2, milk: 1 })).toBe(3);",
      ]),
    },
  },
  {
    message:
      'Write an amount for people\n\nformatAmount(1234.5) is "1234.50 EUR": always two digits behind the point.',
    files: {
      "src/shop.ts": ROUNDED + CHEAPEST + DISCOUNTED + COUNTED + AMOUNT,
      "test/amount.test.ts": testFile("formatAmount", [
        "an amount has two digits",
        'expect(formatAmount(1234.5)).toBe("1234.50 EUR");',
      ]),
    },
  },
  { message: "Keep the version", files: { VERSION: "1\n" } },
];
