import type { AwsEndpoint } from "./aws-clients";

/** What a folder's data sources need that their requests don't say. */
export interface KnownFromText {
  /** Keys of secrets that the Terraform reads as JSON objects. */
  readonly secretKeys: readonly string[];
  /** Types and names of data sources that the provider picks from a list. */
  readonly picked: readonly { readonly type: string; readonly name: string }[];
}

/**
 * Runs a plan, during which local AWS creates what data sources look up and it doesn't have (`moto/lookups`).
 * @returns what was created, each in a few words
 */
export async function creatingLookedUp(
  { endpoint, region }: AwsEndpoint,
  known: KnownFromText,
  plan: () => Promise<unknown>,
): Promise<string[]> {
  const request = async (method: "PUT" | "DELETE", body?: object): Promise<string[]> => {
    const response = await fetch(`${endpoint}/lab/lookups`, { method, ...(body && { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`Local AWS could not create what data sources look up: ${await response.text()}`);
    return (await response.json()) as string[];
  };
  await request("PUT", { region, ...known });
  try {
    await plan();
  } catch (error) {
    await request("DELETE");
    throw error;
  }
  // Off before `apply`, whose reads find what it has created itself.
  return request("DELETE");
}
