import path from "node:path";

import { packageFolder } from "../platform/environment/package-folder.ts";
import { readYamlFile } from "../platform/yaml/read-yaml-file.ts";
import { checkRoles } from "./check-roles.ts";
import { WorkflowFile } from "./workflow-file.ts";

/** The name of the workflow that comes with the product. */
const SHIPPED = "team";

/** A workflow whose roles fit each other. */
const Workflow = WorkflowFile.superRefine((workflow, context) => {
  for (const { path: at, expected, got, mend } of checkRoles(workflow)) {
    context.addIssue({ code: "custom", path: [...at], message: expected, params: { got, mend } });
  }
});

/**
 * Reads a workflow file, or the shipped one by its name.
 * @throws ConfigurationError naming file, line, value and remedy.
 */
export function readWorkflow(name: string, folder: string): WorkflowFile {
  const file =
    name === SHIPPED
      ? path.join(packageFolder(), "docs/examples/team.yaml")
      : path.resolve(folder, name);
  return readYamlFile(file, Workflow);
}
