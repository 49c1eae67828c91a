import { checks } from "./checks";
import type { Finding } from "./findings";
import { UserError } from "../user-error";

/** A finding that somebody decided to live with. */
export interface Exception {
  readonly check: string;
  /** `*` for every address. */
  readonly address: string;
  readonly reason: string;
}

/** A finding that is left out of the count, and why. */
export interface Excused {
  readonly finding: Finding;
  readonly reason: string;
}

/** The file that `--baseline` reads and `--write-baseline` writes. */
export interface BaselineFile {
  readonly version: 1;
  readonly exceptions: readonly Exception[];
}

/** Reads `--ignore ID@address=reason`. Throws `UserError` when the reason is missing or no check has the id. */
export function parseIgnore(option: string): Exception {
  const split = splitAtReason(option);
  if (!split)
    throw new UserError(
      `--ignore ${option}: give it as ID@address=reason, such as public-ip@aws_ecs_service.web="behind a firewall".`,
    );
  return checked(split, `--ignore ${option}`);
}

/** The address may hold `=` inside brackets (`x["a=b"]`), so the reason begins at the first one outside. */
function splitAtReason(option: string): Exception | undefined {
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
export function parseBaseline(text: string, name: string): readonly Exception[] {
  const howTo = "Write one with --write-baseline.";
  let file: Partial<BaselineFile>;
  try {
    file = JSON.parse(text) as Partial<BaselineFile>;
  } catch {
    throw new UserError(`${name} can't be read as JSON. ${howTo}`);
  }
  if (file?.version !== 1 || !Array.isArray(file.exceptions))
    throw new UserError(`${name} is no baseline of version 1. ${howTo}`);
  return file.exceptions.map((exception: Partial<Exception>, index) => {
    const { check, address, reason } = exception ?? {};
    if (!check || !address || !reason)
      throw new UserError(`${name}: exception ${index + 1} needs check, address and reason.`);
    return checked({ check, address, reason }, `${name}: exception ${index + 1}`);
  });
}

/** The baseline that excuses all of these findings. */
export function baselineOf(findings: readonly Finding[], reason: string): BaselineFile {
  const exceptions = findings.map(({ check, address }) => ({ check: check.id, address, reason }));
  return {
    version: 1,
    exceptions: [
      ...new Map(exceptions.map((exception) => [`${exception.check}@${exception.address}`, exception])).values(),
    ],
  };
}

/** Parts findings into those that count and those that are excused; names exceptions that excuse nothing. */
export function excuse(findings: readonly Finding[], exceptions: readonly Exception[]) {
  const used = new Set<Exception>();
  const counting: Finding[] = [];
  const excused: Excused[] = [];
  for (const finding of findings) {
    const exception = exceptions.find(
      ({ check, address }) => check === finding.check.id && (address === "*" || address === finding.address),
    );
    if (!exception) counting.push(finding);
    else {
      used.add(exception);
      excused.push({ finding, reason: exception.reason });
    }
  }
  return { counting, excused, unused: exceptions.filter((exception) => !used.has(exception)) };
}

function checked(exception: Exception, where: string): Exception {
  if (checks.some(({ id }) => id === exception.check)) return exception;
  throw new UserError(`${where}: no check is called ${JSON.stringify(exception.check)}. The ids are in docs/checks.`);
}
