import { accountOf, parseArn } from "../../aws/arn";
import { failedDeploymentsRuleName } from "../../aws/names";
import { quote } from "../problems";
import type { EnvironmentParts } from "../schema/schema";
import { type Finding, findingIf } from "./finding";
import { templatesOf } from "./names/name-templates";

/** Characters of an EventBridge rule's name. Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html */
const maxRuleName = 64;

/** What an organization's options contradict: the account, the region, another owner's ECS cluster. */
export function organization(path: readonly string[], options: EnvironmentParts): Finding[] {
  return [
    ...accounts(path, options),
    ...keyRegions(path, options),
    ...othersSessions(path, options),
    ...ruleNames(path, options),
  ];
}

/** A role's boundary is a policy of the role's own account, or one of AWS. */
function accounts(path: readonly string[], { account, assumeRole, iam }: EnvironmentParts): Finding[] {
  const own = account ?? accountOf(assumeRole?.roleArn);
  const differs = (arn: string | undefined) => {
    const other = accountOf(arn);
    return own !== undefined && other !== undefined && other !== "aws" && other !== own;
  };
  const allowed = (what: string) =>
    `${what} of the account ${own}, which ${account ? "the option account" : "assumeRole.roleArn"} names`;
  return [
    ...findingIf(differs(assumeRole?.roleArn), [...path, "assumeRole", "roleArn"], allowed("a role")),
    ...findingIf(differs(iam?.permissionsBoundary), [...path, "iam", "permissionsBoundary"], allowed("a policy")),
  ];
}

/** CloudWatch Logs, ECR and ECS take a key of their own region. */
function keyRegions(path: readonly string[], { region, kmsKeys = {}, execSessions = {} }: EnvironmentParts): Finding[] {
  const keys = [
    { at: ["kmsKeys", "logs"], arn: kmsKeys.logs },
    { at: ["kmsKeys", "images"], arn: kmsKeys.images },
    { at: ["execSessions", "kmsKeyArn"], arn: execSessions.kmsKeyArn },
  ];
  return keys.flatMap(({ at, arn }) =>
    arn === undefined || region === undefined || parseArn(arn)?.region === region
      ? []
      : [{ path: [...path, ...at], allowed: `a key of the region ${quote(region)}` }],
  );
}

/** Only its owner configures an existing ECS cluster. */
function othersSessions(path: readonly string[], { ecsCluster, execSessions }: EnvironmentParts): Finding[] {
  if (ecsCluster?.name === undefined || execSessions?.logRetentionDays === undefined) return [];
  const allowed = `nothing: the owner of the ECS cluster ${quote(ecsCluster.name)} sets how long its logs are kept`;
  return [{ path: [...path, "execSessions", "logRetentionDays"], allowed }];
}

function ruleNames(path: readonly string[], options: EnvironmentParts): Finding[] {
  if (options.alarms === undefined) return [];
  const name = failedDeploymentsRuleName(templatesOf(path.at(-1)!, options).resources, 1);
  if (name.length <= maxRuleName) return [];
  const allowed = `a shorter template: the EventBridge rule ${quote(name)} has ${maxRuleName} characters at most`;
  return [{ path: [...path, "names", "resources"], allowed }];
}
