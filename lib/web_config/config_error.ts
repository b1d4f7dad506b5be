/** An error in a web configuration. Its message is one sentence for the administrator. */
export class ConfigError extends SyntaxError {
  override readonly name = "ConfigError";
}
