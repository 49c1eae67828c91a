import { createHash } from "node:crypto";
import { hasPlaceholder, placeholder, withExpressions } from "../placeholder";

/** Characters of the name of a load balancer or a target group. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html */
const maxLength = 32;
const digestLength = 8;

/** A number that depends on `text` alone, 0 to 2³² - 1. */
export const digestNumber = (text: string): number => createHash("sha256").update(text).digest().readUInt32BE();

/**
 * A name within 32 letters, digits and hyphens: as much of `name` as fits, and a digest of the whole name and of `replacing`.
 *
 * @param replacing what forces a replacement when it changes: the new resource needs another name than the old one, next to
 *   which it is created.
 */
export function shortName(name: string, replacing: readonly string[]): string {
  if (hasPlaceholder(name)) return shortNameExpression(name, replacing);
  const digest = createHash("sha256")
    .update(JSON.stringify([name, ...replacing]))
    .digest("hex")
    .slice(0, digestLength);
  return `${name.slice(0, maxLength - digestLength - 1).replace(/-+$/, "")}-${digest}`;
}

/** The same where only Terraform knows the name. The digest differs from that of a known name. */
function shortNameExpression(name: string, replacing: readonly string[]): string {
  const template = withExpressions(name);
  const beginning = `replace(substr("${template}", 0, ${maxLength - digestLength - 1}), "/-+$/", "")`;
  const digest = `substr(sha256("${template} ${digestNumber(JSON.stringify(replacing))}"), 0, ${digestLength})`;
  return `${placeholder(beginning)}-${placeholder(digest)}`;
}
