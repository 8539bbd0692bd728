import type { SampleCommit } from "./sample-commit.ts";

const TOTAL = `
// Total adds up prices in cents.
func Total(prices []int) int {
	sum := 0
	for _, price := range prices {
		sum += price
	}
	return sum
}
`;
const CHEAPEST = `
// Cheapest returns the lowest price, and false if there is none.
func Cheapest(prices []int) (int, bool) {
	if len(prices) == 0 {
		return 0, false
	}
	lowest := prices[0]
	for _, price := range prices {
		if price < lowest {
			lowest = price
		}
	}
	return lowest, true
}
`;
const DISCOUNTED = `
// Discounted takes a percentage off the total.
func Discounted(prices []int, percent int) (int, error) {
	if percent < 0 || percent > 100 {
		return 0, fmt.Errorf("a discount is between 0 and 100 percent, got %d", percent)
	}
	return Total(prices) * (100 - percent) / 100, nil
}
`;
const COUNTED = `
// CountItems adds up the numbers in a cart.
func CountItems(cart map[string]int) int {
	count := 0
	for _, number := range cart {
		count += number
	}
	return count
}
`;
const AMOUNT = `
// FormatAmount writes cents as an amount.
func FormatAmount(cents int) string {
	return fmt.Sprintf("%d.%02d EUR", cents/100, cents%100)
}
`;

function module(...parts: readonly string[]): string {
  const text = parts.join("");
  return `package shop\n${text.includes("fmt.") ? '\nimport "fmt"\n' : ""}${text}`;
}

function testFile(...tests: readonly (readonly [name: string, wrong: string])[]): string {
  const bodies = tests.map(
    ([name, wrong]) =>
      `\nfunc Test${name}(t *testing.T) {\n\tif ${wrong} {\n\t\tt.Fatal("wrong")\n\t}\n}\n`,
  );
  return `package shop\n\nimport "testing"\n${bodies.join("")}`;
}

const SUMS = ["Total", "Total([]int{1, 2}) != 3"] as const;
const EMPTY = ["Empty", "Total(nil) != 0"] as const;

/** Ten commits, with `go test`. */
export const goCommits: readonly SampleCommit[] = [
  {
    message: "Add up prices",
    files: {
      "go.mod": "module example.invalid/shop\n\ngo 1.19\n",
      "shop.go": module(TOTAL),
      "total_test.go": testFile(SUMS),
      ".gitignore": "results.json\n",
    },
  },
  {
    message:
      "Find the cheapest price\n\nCheapest(prices) returns the lowest price, and false for none.",
    files: {
      "shop.go": module(TOTAL, CHEAPEST),
      "cheapest_test.go": testFile(
        ["Cheapest", "lowest, ok := Cheapest([]int{2, 1, 3}); lowest != 1 || !ok"],
        ["NoPrices", "_, ok := Cheapest(nil); ok"],
      ),
    },
  },
  { message: "Say what the shop does", files: { "README.md": "# Shop\n\nAdds up prices.\n" } },
  {
    message:
      "Take a discount off the total\n\nDiscounted(prices, percent) returns the total in cents. A percentage below 0 or above 100 is an error.",
    files: {
      "shop.go": module(TOTAL, CHEAPEST, DISCOUNTED),
      "discount_test.go": testFile(
        ["Discount", "total, err := Discounted([]int{1000, 500}, 10); total != 1350 || err != nil"],
        ["TooMuch", "_, err := Discounted([]int{1}, 101); err == nil"],
      ),
    },
  },
  { message: "Test an empty cart", files: { "total_test.go": testFile(SUMS, EMPTY) } },
  {
    message: "Count the items of a cart\n\nCountItems(cart) adds up the numbers of a map.",
    files: {
      "shop.go": module(TOTAL, CHEAPEST, DISCOUNTED, COUNTED),
      "count_test.go": testFile(["Count", 'CountItems(map[string]int{"tea": 2, "milk": 1}) != 3']),
    },
  },
  {
    message: "Name the test of totals after the module",
    files: {
      "total_test.go": null,
      "shop_test.go": testFile(SUMS, EMPTY),
      "README.md": "# Shop\n\nAdds up prices, and tests it.\n",
    },
  },
  {
    message:
      'Write an amount for people\n\nFormatAmount(cents) writes 123405 as "1234.05 EUR", always with two digits behind the point.',
    files: {
      "shop.go": module(TOTAL, CHEAPEST, DISCOUNTED, COUNTED, AMOUNT),
      "amount_test.go": testFile(["Amount", 'FormatAmount(123405) != "1234.05 EUR"']),
    },
  },
  {
    message: "Count no item below one\n\nCountItems leaves out numbers that are negative.",
    files: {
      "shop.go": module(
        TOTAL,
        CHEAPEST,
        DISCOUNTED,
        COUNTED.replace("\t\tcount += number", "\t\tif number > 0 {\n\t\t\tcount += number\n\t\t}"),
        AMOUNT,
      ),
      "count_test.go": testFile(
        ["Count", 'CountItems(map[string]int{"tea": 2, "milk": 1}) != 3'],
        ["Negative", 'CountItems(map[string]int{"tea": -2, "milk": 1}) != 1'],
      ),
    },
  },
  { message: "Keep the module's version", files: { VERSION: "1\n" } },
];
