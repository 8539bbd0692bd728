import { type CommitTree, type TestRunner, beside, nameOf } from "./test-runner.ts";

const PASCAL = /^[a-z]/u;

/** Cargo's own results are for people, so the whole suite is one test unless nextest is set up. */
const cargo: TestRunner = {
  name: "cargo test",
  language: () => "rust",
  tests: ["tests/**/*.rs", "**/tests/**/*.rs", "**/*_test.rs"],
  support: ["**/testdata/**", "**/snapshots/**", "**/fixtures/**"],
  settings: ["Cargo.toml", "Cargo.lock", "rust-toolchain*", ".cargo/**", ".config/nextest.toml"],
  isUsed: (tree) => tree.files.includes("Cargo.toml"),
  command: (tree) =>
    tree.files.includes(".config/nextest.toml")
      ? {
          run: ["cargo", "nextest", "run", "--offline", "--no-fail-fast", "--profile", "ci"],
          results: { junit: "target/nextest/ci/junit.xml" },
        }
      : { run: ["cargo", "test", "--offline", "--no-fail-fast"], results: "exit_code" },
  setup: (tree) =>
    tree.files.some((file) => file.startsWith("vendor/")) ||
    !tree.files.includes("Cargo.lock") ||
    !/^source\s*=/mu.test(tree.textOf("Cargo.lock") ?? "")
      ? undefined
      : {
          runs: [["cargo", "fetch", "--locked"]],
          hosts: ["index.crates.io", "static.crates.io"],
          variables: [],
        },
  // With the exit code alone, a test that fails would fail the whole suite.
  canary: undefined,
};

const MAVEN_HOSTS = ["repo.maven.apache.org", "repo1.maven.org"];
const JAVA_TESTS = [
  "**/src/test/**/*{Test,Tests,TestCase,IT,Spec}.{java,kt,groovy}",
  "**/src/test/**/Test*.{java,kt,groovy}",
];

function javaCanary(sibling: string, text: string, marker: string) {
  const packageLine = /^package\s+[\w.]+/mu.exec(text)?.[0];
  const name = `Canary${marker.replace(PASCAL, (first) => first.toUpperCase())}Test`;
  const isJupiter = text.includes("org.junit.jupiter");
  const library = isJupiter ? "org.junit.jupiter.api" : "org.junit";
  const path = beside(sibling, `${name}.java`);
  const body = `public class ${name} {\n  @${library}.Test\n  public void canary${marker}() {\n    throw new AssertionError("This test has to fail.");\n  }\n}\n`;
  return { path, text: packageLine === undefined ? body : `${packageLine};\n\n${body}` };
}

const maven: TestRunner = {
  name: "maven",
  language: (tree) => (tree.files.some((file) => file.endsWith(".kt")) ? "kotlin" : "java"),
  tests: JAVA_TESTS,
  support: ["**/src/test/**"],
  settings: ["**/pom.xml", ".mvn/**"],
  isUsed: (tree) => tree.files.includes("pom.xml"),
  command: () => ({
    run: ["mvn", "--offline", "--batch-mode", "-Dmaven.test.failure.ignore=true", "test"],
    results: { junit: "target/surefire-reports/*.xml" },
  }),
  setup: () => ({
    runs: [["mvn", "--batch-mode", "-DskipTests", "test"]],
    hosts: MAVEN_HOSTS,
    variables: [],
  }),
  canary: ({ sibling, text, marker }) => javaCanary(sibling, text, marker),
};

const gradle: TestRunner = {
  ...maven,
  name: "gradle",
  settings: ["**/build.gradle*", "settings.gradle*", "gradle.properties", "gradle/**"],
  isUsed: (tree) => tree.files.some((file) => /^build\.gradle(?:\.kts)?$/u.test(file)),
  command: (tree) => ({
    run: [gradleOf(tree), "--offline", "--continue", "test"],
    results: { junit: "build/test-results/test/*.xml" },
  }),
  setup: (tree) => ({
    runs: [[gradleOf(tree), "testClasses"]],
    hosts: [
      ...MAVEN_HOSTS,
      "plugins.gradle.org",
      "services.gradle.org",
      "plugins-artifacts.gradle.org",
    ],
    variables: [],
  }),
};

function gradleOf(tree: CommitTree): string {
  return tree.files.includes("gradlew") ? "./gradlew" : "gradle";
}

const FORMATTER = "rspec_junit_formatter";
const GEMS = ".junit-formatter";

/** RSpec writes no JUnit file, so a formatter is installed in addition to the project's own gems. */
const rspec: TestRunner = {
  name: "rspec",
  language: () => "ruby",
  tests: ["spec/**/*_spec.rb", "**/spec/**/*_spec.rb"],
  support: ["spec/**"],
  settings: [".rspec", "Gemfile", "Gemfile.lock", "spec/spec_helper.rb"],
  isUsed: (tree) =>
    tree.files.includes(".rspec") || tree.files.some((file) => nameOf(file).endsWith("_spec.rb")),
  command: (tree) => ({
    run: [
      ...(tree.files.includes("Gemfile") ? ["bundle", "exec"] : []),
      "rspec",
      `-I${GEMS}/gems/${FORMATTER}-0.6.0/lib`,
      `--require=${FORMATTER}`,
      "--format=RspecJunitFormatter",
      "--out=results.xml",
    ],
    results: { junit: "results.xml" },
  }),
  setup: (tree) => ({
    runs: [
      ...(tree.files.includes("Gemfile")
        ? [
            ["bundle", "config", "set", "--local", "path", ".bundle-gems"],
            ["bundle", "install"],
          ]
        : []),
      ["gem", "install", "--no-document", `--install-dir=${GEMS}`, "--version=0.6.0", FORMATTER],
    ],
    hosts: ["rubygems.org", "index.rubygems.org"],
    variables: [],
  }),
  canary: ({ sibling, marker }) => ({
    path: beside(sibling, `canary_${marker}_spec.rb`),
    text: `RSpec.describe "canary ${marker}" do\n  it("fails") { raise "This test has to fail." }\nend\n`,
  }),
};

export const COMPILED_RUNNERS: readonly TestRunner[] = [cargo, maven, gradle];
export const RUBY_RUNNERS: readonly TestRunner[] = [rspec];
