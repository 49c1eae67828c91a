import { GetParametersCommand, type Parameter } from "@aws-sdk/client-ssm";
import { batches } from "./batches";
import type { Aws } from "./clients";

/** Parameters that one GetParameters takes. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html */
const maxParameters = 10;

/** The parameters that exist, of those named. @param decrypt whether their values are decrypted. @default false */
export async function existingParameters(
  { ssm }: Pick<Aws, "ssm">,
  names: readonly string[],
  decrypt = false,
): Promise<Parameter[]> {
  const found: Parameter[] = [];
  for (const Names of batches(names, maxParameters)) {
    const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names, WithDecryption: decrypt }));
    found.push(...Parameters);
  }
  return found;
}
