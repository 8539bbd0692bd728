import { z } from "zod";

import { type Tool, type ToolContext, ToolRefusal } from "./tool.ts";

export interface ToolParts<Input> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<Input>;
  readonly run: (input: Input, context: ToolContext) => Promise<string>;
}

/** A tool whose input is checked before it runs, by the same schema that the model is shown. */
export function defineTool<Input>(parts: ToolParts<Input>): Tool {
  const { name, description, input: schema } = parts;
  const { $schema: _, ...inputSchema } = z.toJSONSchema(schema, { io: "input" });
  return {
    name,
    description,
    inputSchema,
    run: (input, context) => {
      const parsed = schema.safeParse(input);
      if (parsed.success) return parts.run(parsed.data, context);
      throw new ToolRefusal(
        `${name} was called with a wrong input: ${z.prettifyError(parsed.error)}`,
      );
    },
  };
}
