import { checks } from "./checks";
import { severities, type Check, type Severity, type Subject } from "./checks/check";
import { constructPaths } from "./read/synthesized";
import type { Resources } from "./read/resources";

/** What a check found at one address. */
export interface Finding {
  readonly check: Check;
  readonly severity: Severity;
  readonly address: string;
  /** Path of the construct behind the address, where CDKTF's metadata tells it. */
  readonly constructPath?: string;
  readonly message: string;
}

/** Runs all checks; worst first, then in the order of the checks. */
export function findAll(subject: Subject): readonly Finding[] {
  const paths = subject.synthesized ? constructPaths(subject.synthesized) : new Map<string, string>();
  const findings = checks.flatMap((check) =>
    [...check.find(subject)].map(({ address, message, severity }): Finding => {
      const path = constructPath(address, subject.resources, paths);
      return {
        check,
        severity: severity ?? check.severity,
        address,
        ...(path !== undefined && { constructPath: path }),
        message,
      };
    }),
  );
  const rank = new Map(severities.map((severity, at) => [severity, at]));
  return findings.sort((a, b) => rank.get(a.severity)! - rank.get(b.severity)!);
}

function constructPath(address: string, resources: Resources, paths: ReadonlyMap<string, string>): string | undefined {
  return resources.at(address)?.constructPath ?? paths.get(address.replace(/\[[^\]]*\]$/, ""));
}

/** Whether any finding is as severe as `limit`, or more. */
export function reaches(findings: readonly Finding[], limit: Severity): boolean {
  return findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(limit));
}
