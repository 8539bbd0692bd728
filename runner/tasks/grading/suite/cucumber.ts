/** What `@cucumber/cucumber` is to acceptance steps: the instance that this process runs. */
export * from "@cucumber/cucumber";
