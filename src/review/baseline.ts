import { checks } from "./checks";
import type { Finding } from "./findings";
import { UserError } from "../user-error";

/** A finding that is accepted, and why. */
export interface Suppression {
  readonly check: string;
  /** `*` for every address. */
  readonly address: string;
  readonly reason: string;
}

/** A finding that doesn't count, and why. */
export interface Suppressed {
  readonly finding: Finding;
  readonly reason: string;
}

/** The file that `--baseline` reads and `--write-baseline` writes. */
export interface BaselineFile {
  readonly version: 1;
  readonly suppressions: readonly Suppression[];
}

/** Reads `--ignore ID@address=reason`. Throws `UserError` when the reason is missing or no check has the id. */
export function parseIgnore(option: string): Suppression {
  const split = splitAtReason(option);
  if (!split)
    throw new UserError(
      `--ignore ${option}: give it as ID@address=reason, such as public-ip@aws_ecs_service.web="behind a firewall".`,
    );
  return checked(split, `--ignore ${option}`);
}

/** The address may hold `=` inside brackets (`x["a=b"]`), so the reason begins at the first one outside. */
function splitAtReason(option: string): Suppression | undefined {
  const at = option.indexOf("@");
  let depth = 0;
  for (let index = at + 1; at > 0 && index < option.length; index++) {
    const character = option[index];
    if (character === "[") depth++;
    if (character === "]") depth--;
    if (character === "=" && depth === 0) {
      const reason = option
        .slice(index + 1)
        .trim()
        .replace(/^"(.*)"$/s, "$1");
      return reason === "" ? undefined : { check: option.slice(0, at), address: option.slice(at + 1, index), reason };
    }
  }
  return undefined;
}

/** Reads a baseline file's text. Throws `UserError`. */
export function parseBaseline(text: string, name: string): readonly Suppression[] {
  const howTo = "Write one with --write-baseline.";
  let file: Partial<BaselineFile>;
  try {
    file = JSON.parse(text) as Partial<BaselineFile>;
  } catch {
    throw new UserError(`${name} can't be read as JSON. ${howTo}`);
  }
  if (file?.version !== 1 || !Array.isArray(file.suppressions))
    throw new UserError(`${name} isn't a baseline of version 1. ${howTo}`);
  return file.suppressions.map((suppression: Partial<Suppression>, index) => {
    const { check, address, reason } = suppression ?? {};
    if (!check || !address || !reason)
      throw new UserError(`${name}: suppression ${index + 1} needs check, address and reason.`);
    return checked({ check, address, reason }, `${name}: suppression ${index + 1}`);
  });
}

/** The baseline that suppresses all of these findings. */
export function baselineOf(findings: readonly Finding[], reason: string): BaselineFile {
  const suppressions = findings.map(({ check, address }) => ({ check: check.id, address, reason }));
  return {
    version: 1,
    suppressions: [
      ...new Map(
        suppressions.map((suppression) => [`${suppression.check}@${suppression.address}`, suppression]),
      ).values(),
    ],
  };
}

/** Separates findings that count from suppressed ones, and names suppressions that match nothing. */
export function suppress(findings: readonly Finding[], suppressions: readonly Suppression[]) {
  const used = new Set<Suppression>();
  const counting: Finding[] = [];
  const suppressed: Suppressed[] = [];
  for (const finding of findings) {
    const suppression = suppressions.find(
      ({ check, address }) => check === finding.check.id && (address === "*" || address === finding.address),
    );
    if (!suppression) counting.push(finding);
    else {
      used.add(suppression);
      suppressed.push({ finding, reason: suppression.reason });
    }
  }
  return { counting, suppressed, unused: suppressions.filter((suppression) => !used.has(suppression)) };
}

function checked(suppression: Suppression, where: string): Suppression {
  if (checks.some(({ id }) => id === suppression.check)) return suppression;
  throw new UserError(`${where}: no check is called ${JSON.stringify(suppression.check)}. The ids are in docs/checks.`);
}
