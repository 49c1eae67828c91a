import { advice } from "../../advice";
import { versionsOf } from "../../environment/clusters";
import type { DeployedEnvironment, DeployedService } from "../deployed-environment";
import type { Revision, RollbackChoices } from "./revisions";

/** What Terraform does after a rollback, and how to keep the revision; sentences. */
export function howToKeep(
  environment: DeployedEnvironment,
  service: DeployedService,
  { revisions }: RollbackChoices,
  chosen: Revision,
): string[] {
  const before = revisions.find(({ outcome }) => outcome === "runs");
  return [
    `Terraform doesn't know about this rollback: the next apply deploys ${before?.name ?? "its own revision"} again (${advice.plan(environment)} shows it).`,
    before?.image === chosen.image
      ? "Both revisions have the same image, so they differ in another part, such as a variable, a secret or the size. Change that back before you apply."
      : `To keep it, ${keepImage(environment, service, chosen.image ?? "")}`,
    ...otherVersions(environment, service),
  ];
}

function keepImage(environment: DeployedEnvironment, { name, options }: DeployedService, image: string): string {
  const choice: Readonly<Record<string, unknown>> = options.image;
  if ("variable" in choice) {
    const variable = choice.variable as string | { readonly name: string };
    return `set TF_VAR_${typeof variable === "string" ? variable : variable.name}=${image} in your pipeline before it applies.`;
  }
  if ("uri" in choice)
    return `set the image of ${name} in ${environment.file} to { "uri": "${image}" } before you apply.`;
  return `check out the sources of ${image} before you apply: Terraform builds the image of ${name}.`;
}

/** Nodes of other versions don't connect when versions are apart. */
function otherVersions({ options, services }: DeployedEnvironment, { name, cluster }: DeployedService): string[] {
  if (versionsOf(options, cluster) !== "apart") return [];
  const others = services.filter((one) => one.cluster === cluster && one.name !== name).map((one) => one.name);
  if (others.length === 0) return [];
  return [
    `The cluster ${cluster} has versions apart: ${name} doesn't connect to ${others.join(", ")} until you roll back these too.`,
  ];
}
