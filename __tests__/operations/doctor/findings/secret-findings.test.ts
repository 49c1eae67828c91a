import type { DeployedEnvironment } from "../../../../src/operations/deployed-environment";
import { secretFindings } from "../../../../src/operations/doctor/findings/secret-findings";
import type { Observation } from "../../../../src/operations/doctor/observation";
import { ScriptedAws } from "../../../lab/control-plane/scripted-aws";

const managed = (name: string) => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-AbCdEf`;

/** What the doctor finds where services read their cookies from these places. */
async function found(cookies: Record<string, string>) {
  const aws = new ScriptedAws({ GetParameters: () => ({ Parameters: [] }) });
  const environment = { name: "prod", options: { region: "eu-west-1", peers: {} } } as unknown as DeployedEnvironment;
  const observations = Object.entries(cookies).map(
    ([name, valueFrom]) =>
      ({
        service: { name },
        tasks: [],
        definition: { containerDefinitions: [{ secrets: [{ name: "RELEASE_COOKIE", valueFrom }] }] },
      }) as unknown as Observation,
  );
  const findings = await secretFindings(aws.clients, environment, observations);
  return findings.map(({ about, text }) => `${about}: ${text}`);
}

it("compares cookies in Secrets Manager", async () => {
  const [one, other] = [managed("one"), managed("other")];
  expect(await found({ shop: one, jobs: other })).toEqual([
    `shop: reads its cookie from ${one}, but other services from another place`,
    `jobs: reads its cookie from ${other}, but other services from another place`,
  ]);
  expect(await found({ shop: one, jobs: one })).toEqual([]);
});
