import { expect, test } from "vitest";

import { isWithin, rangeOf } from "./like-size.ts";
import { containsDiff, linesAdded, sizeOfPatch } from "./solution-patch.ts";

const PATCH = `diff --git a/src/a.py b/src/a.py
index 1..2 100644
--- a/src/a.py
+++ b/src/a.py
@@ -1,3 +1,4 @@
 def first(values):
-    return values[0]
+    if len(values) == 0:
+        return None
+++ not_a_header
diff --git a/b.py b/b.py
new file mode 100644
--- /dev/null
+++ b/b.py
@@ -0,0 +1 @@
+x = 1
`;

test("the size of a patch leaves out the headers of files", () => {
  expect(sizeOfPatch(PATCH)).toEqual({ lines: 5, files: 2 });
  expect(linesAdded(PATCH)).toEqual([
    "    if len(values) == 0:",
    "        return None",
    "++ not_a_header",
    "x = 1",
  ]);
});

test.each([
  ["a patch", "Mend it:\n\ndiff --git a/x b/x\n", true],
  ["a hunk", "@@ -1,3 +1,4 @@\n", true],
  ["half of the lines", "Add:\n\n    if len(values) == 0:\n", false],
  ["most lines", "Write\n  if len(values) == 0:\n  ++ not_a_header\n", true],
  ["words", "An empty list has no first value: return None then.", false],
])("a statement with %s", (_what, statement, expected) => {
  const long = PATCH.replace("return None", "return nothing_of_it(values)");
  expect(containsDiff(statement, long)).toBe(expected);
});

test("sizes are alike if they are within a factor of five of the one in the middle", () => {
  expect(rangeOf([10, 200])).toBeUndefined();
  const range = rangeOf([10, 20, 200]);
  expect(range).toEqual({ least: 4, most: 100 });
  expect([3, 4, 100, 101].map((lines) => isWithin(lines, range))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
