import { SimulatePrincipalPolicyCommand } from "@aws-sdk/client-iam";
import type { Aws } from "../../../aws/sdk/clients";

/**
 * The resources that IAM denies to a role. IAM also evaluates boundaries and the organization's policies.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
 *
 * @param context values of condition keys
 */
export async function refused(
  { iam }: Aws,
  role: string,
  action: string,
  resources: readonly string[],
  context: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  if (resources.length === 0) return [];
  const { EvaluationResults = [] } = await iam.send(
    new SimulatePrincipalPolicyCommand({
      PolicySourceArn: role,
      ActionNames: [action],
      ResourceArns: [...new Set(resources)],
      ContextEntries: Object.entries(context).map(([name, value]) => ({
        ContextKeyName: name,
        ContextKeyType: "string",
        ContextKeyValues: [value],
      })),
      MaxItems: 1000,
    }),
  );
  return EvaluationResults.filter(({ EvalDecision }) => EvalDecision !== "allowed").map(
    ({ EvalResourceName }) => EvalResourceName!,
  );
}
