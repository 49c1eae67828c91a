import { parseArn } from "./arn";
/** What a parameter's ARN ends with: the slash that begins a path is there only once. */
export const parameterResource = (name: string): string => `parameter/${name.replace(/^\//, "")}`;

/**
 * The name of the parameter that a container's `valueFrom` gives by ARN or by name; a selector (`:version` or `:label`)
 * stays. The ARN of `/cookie` is that of `cookie`, so of a single word the name without a slash is given.
 */
export function parameterName(valueFrom: string): string {
  const arn = parseArn(valueFrom);
  if (arn?.service !== "ssm" || !arn.resource.startsWith("parameter/")) return valueFrom;
  const name = arn.resource.slice("parameter/".length);
  return name.includes("/") ? `/${name}` : name;
}

/** The same for two parameters that one ARN may mean. */
export const parameterKey = (valueFrom: string): string => parameterName(valueFrom).replace(/^\/(?=[^/]+$)/, "");
