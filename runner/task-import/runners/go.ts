import { type CommitTree, type TestRunner, beside } from "./test-runner.ts";

const HOSTS = ["proxy.golang.org", "sum.golang.org", "storage.googleapis.com"];
const RESULTS = "results.json";

function isVendored(tree: CommitTree): boolean {
  return tree.files.some((file) => file.startsWith("vendor/"));
}

const goTest: TestRunner = {
  name: "go test",
  language: () => "go",
  tests: ["**/*_test.go"],
  support: ["**/testdata/**"],
  settings: ["go.mod", "go.sum"],
  isUsed: (tree) => tree.files.includes("go.mod"),
  command: () => ({
    // A package that does not compile fails its own tests; the command then ends with 1.
    run: ["sh", "-c", `GOCACHE="$\{GOCACHE:-/tmp/go-build}" go test -json ./... > ${RESULTS}`],
    results: { go_json: RESULTS },
  }),
  setup: (tree) =>
    isVendored(tree) || !/^require\b/mu.test(tree.textOf("go.mod") ?? "")
      ? undefined
      : { runs: [["go", "mod", "vendor"]], hosts: HOSTS, variables: ["GOPROXY", "GONOSUMDB"] },
  canary: ({ sibling, text, marker }) => ({
    path: beside(sibling, `canary_${marker}_test.go`),
    text: [
      `package ${/^package\s+(\w+)/mu.exec(text)?.[1] ?? "main"}`,
      `import "testing"`,
      `func TestCanary${marker}(t *testing.T) {\n\tt.Fatal("This test has to fail.")\n}\n`,
    ].join("\n\n"),
  }),
};

export const GO_RUNNERS: readonly TestRunner[] = [goTest];
