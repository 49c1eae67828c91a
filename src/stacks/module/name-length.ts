import { parseEnvironments } from "../../environment";
import { readJson } from "../../environment/json";
import { UserError } from "../../user-error";

/** Characters of an environment's name at most. */
const longest = 32;

/** How long an environment's name may be for all AWS names that contain it to fit. @param text the file that has the environment `name` */
export function maxNameLength(text: string, name: string): number {
  const environment = (readJson(text).value as Readonly<Record<string, unknown>>)[name];
  for (let length = longest; length > name.length; length--) {
    if (isAllowed(JSON.stringify({ ["n".repeat(length)]: environment }))) return length;
  }
  return name.length;
}

function isAllowed(text: string): boolean {
  try {
    parseEnvironments(text, "");
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
