import { z } from "zod";

/** What the model learns about a tool. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the tool's input. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** A tool of the agent. `run` throws a ToolRefusal that says to the model what to correct. */
export interface Tool extends ToolDefinition {
  run(input: unknown, context: ToolContext): Promise<string>;
}

export interface ToolContext {
  /** The agent's working directory; absolute, symbolic links resolved. */
  readonly folder: string;
  /** The environment of commands. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** A tool call that cannot be done as asked. Its message goes back to the model. */
export class ToolRefusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ToolRefusal";
  }
}

/** Makes a tool that checks its input by the schema that the model gets. */
export function defineTool<Input>(parts: {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly run: (input: Input, context: ToolContext) => Promise<string>;
}): Tool {
  const { name, description, input: schema } = parts;
  const { $schema: _, ...inputSchema } = z.toJSONSchema(schema, { io: "input" });
  return {
    name,
    description,
    inputSchema,
    run: (input, context) => {
      const parsed = schema.safeParse(input);
      if (parsed.success) return parts.run(parsed.data, context);
      throw new ToolRefusal(`${name} got a wrong input: ${z.prettifyError(parsed.error)}`);
    },
  };
}
