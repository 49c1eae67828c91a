import { advice } from "../../../advice";
import type { Aws } from "../../../aws/sdk/clients";
import { existingParameters } from "../../../aws/sdk/parameters";
import {
  certificateDays,
  certificateParameters,
  endOf,
  nextRotationStep,
} from "../../../certificates/node-certificates";
import { pemBlocks } from "../../../certificates/pem";
import { certificatesVariable } from "../../../containers/variables";
import { certificatesOf } from "../../../environment";
import type { DeployedEnvironment } from "../../deployed-environment";
import { counted, error, type Finding, note, unchecked } from "./finding";

/**
 * When the certificates of nodes and of their authorities end, and whether the authority is being replaced. Reads the
 * parameter that contains no key. Certificates of other accounts and Regions aren't looked up.
 */
export async function certificateFindings(
  aws: Aws,
  environment: DeployedEnvironment,
  now = new Date(),
): Promise<Finding[]> {
  const { options, services } = environment;
  const named = services.flatMap((service) => certificatesOf(options, service.options)?.ssmParameter ?? []);
  const nodes = [...new Set(named)].filter((name) => !name.startsWith("arn:"));
  const found = await existingParameters(
    aws,
    nodes.map((name) => certificateParameters(name).public),
  );
  return nodes.flatMap((name) => {
    const parameter = certificateParameters(name).public;
    const text = found.find(({ Name }) => Name === parameter)?.Value;
    if (text !== undefined) return findingsIn(environment, name, pemBlocks(text, "CERTIFICATE"), now);
    return [
      unchecked(
        name,
        `${parameter} is missing, so the end of its certificates is unknown`,
        advice.secrets(environment),
      ),
    ];
  });
}

function findingsIn(
  environment: DeployedEnvironment,
  name: string,
  [certificate, ...trusted]: readonly string[],
  now: Date,
): Finding[] {
  if (certificate === undefined || trusted.length === 0)
    return [unchecked(name, `${certificateParameters(name).public} contains no certificates`)];
  const node = { key: "", certificate };
  const authority = advice.rotateAuthority(environment);
  return [
    ...ending(name, "the nodes' certificate", certificate, advice.rotateSecret(environment, certificatesVariable), now),
    ...trusted.flatMap((each) => ending(name, "the authority's certificate", each, authority, now)),
    ...(trusted.length === 1
      ? []
      : [
          note(
            name,
            `its authority is being replaced; the next step: ${nextRotationStep({ node, trusted })}`,
            authority,
          ),
        ]),
  ];
}

function ending(name: string, what: string, certificate: string, command: string, now: Date): Finding[] {
  const end = endOf(certificate);
  const days = Math.floor((end.getTime() - now.getTime()) / 86_400_000);
  if (days >= certificateDays.warning) return [];
  const date = end.toISOString().slice(0, 10);
  if (days < 0) return [error(name, `${what} expired on ${date}: nodes can't connect`, command)];
  const text = `${what} expires in ${counted(days, "day")}, on ${date}: nodes can't connect from then on`;
  return [days < certificateDays.urgent ? error(name, text, command) : note(name, text, command)];
}
