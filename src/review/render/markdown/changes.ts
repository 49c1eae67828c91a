import { markdown } from "../../../foreign-text";
import type { Review } from "../../review";
import { countOthers, groupChanges } from "../groups";
import { forcedBy } from "../summary";
import { addressList, foldIf, type Part } from "./part";

/** Changes with the same remark together, and the number of the others. */
export function changes({ changes }: Review): Part {
  const instead = "the changes are in Terraform's own plan.";
  if (!changes || changes.resources.length === 0) return { text: markdown``, instead };
  const groups = groupChanges(changes);
  const { telling, others } = groups;
  const lines = telling.map((group) => {
    const { action, meaning } = group[0]!;
    const forced = forcedBy(group[0]!);
    const addresses = addressList(group.map(({ address }) => address));
    return markdown`- ${action} ${addresses}${forced && ` (${forced})`}${meaning === undefined ? "" : `: ${meaning}`}`;
  });
  const rest = others.length > 0 ? markdown`\n\n${countOthers(groups)} without a remark.` : markdown``;
  const body = foldIf(lines.length > 10, `${lines.length} changes with a remark`, markdown.join(lines, markdown`\n`));
  return { title: markdown`What changes`, text: markdown`${body}${rest}`, instead };
}
