import { advice } from "../../../advice";
import { versionVariable } from "../../../containers/variables";
import { versionsOf } from "../../../environment";
import type { DeployedEnvironment } from "../../deployed-environment";
import { type Observation, variableOf } from "../observation";
import { error, type Finding } from "./finding";

/**
 * Clusters whose versions are apart and whose services run different ones, so that these don't connect: a deployment failed for
 * some of them, and ECS brought back their old image.
 */
export function versionFindings(environment: DeployedEnvironment, observations: readonly Observation[]): Finding[] {
  const apart = observations.filter(
    ({ ecs, service }) => ecs && versionsOf(environment.options, service.cluster) === "apart",
  );
  return [...new Set(apart.map(({ service }) => service.cluster))].flatMap((cluster) => {
    const members = apart.filter(({ service }) => service.cluster === cluster);
    const versions = members.map((member) => ({
      name: member.service.name,
      version: variableOf(member, versionVariable) ?? "none",
    }));
    if (new Set(versions.map(({ version }) => version)).size < 2) return [];
    const text = `run different versions, which don't connect: ${versions.map(({ name, version }) => `${name} ${version}`).join(", ")}`;
    return [error(versions.map(({ name }) => name).join(", "), text, `deploy again: ${advice.apply(environment)}`)];
  });
}
