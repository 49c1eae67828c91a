import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** AWS data sources that take something for granted which must exist; the others are computed, or known everywhere. */
const computed =
  /^aws_(iam_policy_document|caller_identity|region|regions|partition|availability_zones?|arn|default_tags)$/;

/**
 * Data sources in `.tf` files that look something up in AWS. Only JSON is read for what they name, so it isn't there
 * unless the same run has made it.
 * @returns each as `main.tf: data.aws_vpc.main`
 */
export function unreadData(folder: string): string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".tf"));
  return files.flatMap((file) =>
    [...readFileSync(path.join(folder, file), "utf8").matchAll(/^\s*data\s+"(aws_\w+)"\s+"([\w-]+)"/gm)]
      .filter(([, type]) => !computed.test(type!))
      .map(([, type, name]) => `${file}: data.${type}.${name}`),
  );
}
