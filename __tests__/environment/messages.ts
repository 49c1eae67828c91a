import { ConfigurationError, parseEnvironments } from "../../src/environment";

/** The messages about a file, one for each problem; none when it is right. */
export function messagesOf(file: unknown): string[] {
  try {
    parseEnvironments(JSON.stringify(file), "environments.json");
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.message
      .split("\n")
      .slice(1)
      .map((line) => line.trim());
  }
}
