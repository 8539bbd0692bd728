import { type CommitTree, type TestRunner, beside } from "./test-runner.ts";

const HOSTS = ["proxy.golang.org", "sum.golang.org", "storage.googleapis.com"];
const RESULTS = "results.json";

function isVendored(tree: CommitTree): boolean {
  return tree.files.some((file) => file.startsWith("vendor/"));
}

/**
 * What tests need is compiled and vetted once, not at every grading: "-exec true" runs no test. Tests of
 * the parent that do not compile leave only less for later.
 */
const COMPILE_TESTS = ["sh", "-c", "go test -exec true ./... || true"];

const goTest: TestRunner = {
  name: "go test",
  language: () => "go",
  tests: ["**/*_test.go"],
  support: ["**/testdata/**"],
  settings: ["go.mod", "go.sum"],
  isUsed: (tree) => tree.files.includes("go.mod"),
  command: () => ({
    run: ["sh", "-c", `go test -count=1 -json ./... > ${RESULTS}`],
    results: { go_json: RESULTS },
  }),
  setup: (tree) => {
    const builds = [["go", "build", "-buildvcs=false", "./..."], COMPILE_TESTS];
    const isComplete = isVendored(tree) || !/^require\b/mu.test(tree.textOf("go.mod") ?? "");
    if (isComplete) return { runs: builds, hosts: [], variables: [] };
    const variables = ["GOPROXY", "GONOSUMDB", "GONOSUMCHECK", "GOPRIVATE"];
    return { runs: [["go", "mod", "download"], ...builds], hosts: HOSTS, variables };
  },
  isFolderAlone: true,
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
