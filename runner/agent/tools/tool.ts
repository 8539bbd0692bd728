/** What the model is told about a tool. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of the tool's input. */
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** A tool of the agent; `run` throws a ToolRefusal for what the model should hear and mend. */
export interface Tool extends ToolDefinition {
  run(input: unknown, context: ToolContext): Promise<string>;
}

export interface ToolContext {
  /** The folder that the agent works in; absolute, symbolic links resolved. */
  readonly folder: string;
  /** The environment that commands get. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** A tool call that cannot be done as asked; its message goes back to the model. */
export class ToolRefusal extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ToolRefusal";
  }
}
