import type { DeployedEnvironment } from "./deployed-environment";
import type { Blockage, Leftover } from "./unstick";

/** What stands in the way, a line each, and what to do next. */
export function unstickReport(
  environment: DeployedEnvironment,
  blockage: Blockage,
  removed: readonly Leftover[],
): string {
  const { namespace, namespaceIds, leftovers } = blockage;
  if (namespaceIds.length === 0) return `There is no namespace ${namespace} any more: nothing stands in the way.`;
  return [
    ...removed.map((leftover) => `deregistered  ${line(leftover)}`),
    ...leftovers.map((leftover) => `${leftover.kind.padEnd(12)}  ${line(leftover)}`),
    ...(removed.length + leftovers.length > 0 ? [""] : []),
    ...advice(environment, blockage),
  ].join("\n");
}

const line = ({ service, instanceId, address, because }: Leftover) =>
  [`${service}: ${instanceId}`, ...(address ? [address] : [])].join(" ") + `, ${because}`;

function advice(
  { name, cluster, options, services }: DeployedEnvironment,
  { leftovers, otherServices, namespace }: Blockage,
) {
  const of = (kind: Leftover["kind"]) => leftovers.filter((leftover) => leftover.kind === kind);
  const [dead, living, foreign] = [of("dead"), of("living"), of("foreign")];
  const running = services.filter((one) => living.some(({ service }) => service === one.name));
  return [
    ...(dead.length > 0 ? [`npm run unstick -- ${name} --yes deregisters what is dead.`] : []),
    ...running.map(
      (service) =>
        `${service.name} still runs. To stop it: aws ecs update-service --region ${options.region} --cluster ${cluster} --service ${service.ecsService} --desired-count 0`,
    ),
    ...(foreign.length > 0 ? ["What is foreign is for its owner to deregister."] : []),
    ...(otherServices.length > 0
      ? [
          `${namespace} also holds ${otherServices.join(", ")}, which ${name} doesn't know: it can't be removed before these are.`,
        ]
      : []),
    ...(leftovers.length + otherServices.length === 0
      ? [`Nothing is registered in ${namespace}: its services and the namespace can be removed now.`]
      : []),
  ];
}
