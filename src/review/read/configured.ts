import type { Resource } from "./resources";
import { isUnknown } from "./value";

/**
 * Whether the configuration sets an attribute that AWS sets where it doesn't, such as a group's `ingress` or a role's
 * `inline_policy`. What a refresh found in one that isn't set says what is there now, not what will be: rule resources,
 * policies and routes that this plan changes or destroys are still in it.
 *
 * A plan's configuration leaves out `dynamic` blocks. Their values betray them: known while the resource is still to be
 * made, or other than before. A dynamic block that changes nothing looks like what a refresh found.
 */
export function isConfigured({ configured, values, before, actions }: Resource, attribute: string): boolean {
  if (configured === undefined || Object.hasOwn(configured, attribute)) return true;
  if (Object.hasOwn((configured.dynamic ?? {}) as object, attribute)) return true;
  const value = values[attribute];
  if (value === undefined || value === null || isUnknown(value)) return false;
  if (before && !actions.includes("create")) return JSON.stringify(value) !== JSON.stringify(before[attribute]);
  return !Array.isArray(value) || value.length > 0;
}
