import { checks } from "./checks";
import { severities, type Check, type Severity, type Subject } from "./checks/check";

/** What a check found at one address. */
export interface Finding {
  readonly check: Check;
  readonly severity: Severity;
  readonly address: string;
  /** Path of the construct behind the address, where CDKTF's metadata is at hand. */
  readonly constructPath?: string;
  readonly message: string;
}

/** Runs all checks; worst first, then in the order of the checks. */
export function findAll(subject: Subject): readonly Finding[] {
  const findings = checks.flatMap((check) =>
    [...check.find(subject)].map(({ address, message, severity }): Finding => {
      const path = subject.resources.at(address)?.constructPath;
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

/** Whether any finding is as severe as `limit`, or more. */
export function reaches(findings: readonly Finding[], limit: Severity): boolean {
  return findings.some(({ severity }) => severities.indexOf(severity) <= severities.indexOf(limit));
}
