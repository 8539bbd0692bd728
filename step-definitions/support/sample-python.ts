import type { SampleCommit } from "./sample-commit.ts";

const TOTAL = `def total(prices):
    return sum(prices)
`;
const CHEAPEST = `

def cheapest(prices):
    return min(prices) if prices else None
`;
const ROUNDED = TOTAL.replace("sum(prices)", "round(sum(prices), 2)");
const DISCOUNTED = `

def discounted(prices, percent):
    if not 0 <= percent <= 100:
        raise ValueError("A discount is between 0 and 100 percent.")
    return round(total(prices) * (100 - percent) / 100, 2)
`;
const COUNTED = `

def count_items(cart):
    return sum(cart.values())
`;
const CHECKED = ROUNDED.replace(
  "    return",
  `    if any(price < 0 for price in prices):
        raise ValueError("A price is not negative.")
    return`,
);
const AMOUNT = `

def format_amount(amount):
    return f"{amount:,.2f} EUR"
`;

const TEST_TOTAL = `from shop import total


def test_total():
    assert total([1, 2]) == 3
`;
const TEST_EMPTY = `

def test_empty():
    assert total([]) == 0
`;
const TEST_CENTS = `

def test_cents():
    assert total([0.1, 0.2]) == 0.3
`;
const TEST_NEGATIVE = `

def test_negative():
    with pytest.raises(ValueError):
        total([1, -1])
`;

/** Ten commits, with pytest. */
export const pythonCommits: readonly SampleCommit[] = [
  {
    message: "Add up prices",
    files: {
      "shop.py": TOTAL,
      "tests/test_total.py": TEST_TOTAL,
      ".gitignore": "__pycache__/\nresults.xml\n",
    },
  },
  {
    message:
      "Find the cheapest price\n\ncheapest(prices) returns the lowest price, and None for none.",
    files: {
      "shop.py": TOTAL + CHEAPEST,
      "tests/test_cheapest.py": `from shop import cheapest


def test_cheapest():
    assert cheapest([2, 1, 3]) == 1


def test_no_prices():
    assert cheapest([]) is None
`,
    },
  },
  { message: "Say what the shop does", files: { "README.md": "# Shop\n\nAdds up prices.\n" } },
  {
    message: "Round totals to cents\n\ntotal([0.1, 0.2]) is 0.3, not 0.30000000000000004.",
    files: { "shop.py": ROUNDED + CHEAPEST, "tests/test_total.py": TEST_TOTAL + TEST_CENTS },
  },
  {
    message: "Test an empty cart",
    files: { "tests/test_total.py": TEST_TOTAL + TEST_CENTS + TEST_EMPTY },
  },
  {
    message:
      "Take a discount off the total\n\ndiscounted(prices, percent) rounds to cents. A percentage below 0 or above 100 is a ValueError.",
    files: {
      "shop.py": ROUNDED + CHEAPEST + DISCOUNTED,
      "tests/test_discount.py": `import pytest

from shop import discounted


def test_discount():
    assert discounted([10, 5], 10) == 13.5


def test_too_much():
    with pytest.raises(ValueError):
        discounted([1], 101)
`,
    },
  },
  {
    message: "Name the test of totals after the module",
    files: {
      "tests/test_total.py": null,
      "tests/test_shop.py": TEST_TOTAL + TEST_CENTS + TEST_EMPTY,
      "README.md": "# Shop\n\nAdds up prices, and tests it.\n",
    },
  },
  {
    message:
      "Count the items of a cart\n\ncount_items(cart) adds up the numbers of a cart such as {'tea': 2, 'milk': 1}.",
    files: {
      "shop.py": ROUNDED + CHEAPEST + DISCOUNTED + COUNTED,
      "tests/test_count.py": `from shop import count_items


def test_count():
    assert count_items({"tea": 2, "milk": 1}) == 3
`,
    },
  },
  {
    message: "Refuse negative prices\n\ntotal raises a ValueError if a price is below 0.",
    files: {
      "shop.py": CHECKED + CHEAPEST + DISCOUNTED + COUNTED,
      "tests/test_shop.py": `import pytest\n\n${TEST_TOTAL}${TEST_CENTS}${TEST_EMPTY}${TEST_NEGATIVE}`,
    },
  },
  {
    message:
      "Write an amount for people\n\nformat_amount(1234.5) is '1,234.50 EUR': two digits, and a comma between thousands.",
    files: {
      "shop.py": CHECKED + CHEAPEST + DISCOUNTED + COUNTED + AMOUNT,
      "tests/test_amount.py": `from shop import format_amount


def test_amount():
    assert format_amount(1234.5) == "1,234.50 EUR"
`,
    },
  },
];
