import { advice } from "../../advice";
import type { DeployedEnvironment } from "../deployed-environment";
import type { Blockage, Leftover } from "./unstick";

/** What the caller intends with the namespace. */
export interface Purpose {
  /** Remove it: then living tasks and services of others matter too. */
  readonly forRemoval: boolean;
}

/** Whether nothing is left: no stale registration, and before a removal nothing else that keeps the namespace. */
export const isClear = ({ leftovers, otherServices }: Blockage, { forRemoval }: Purpose): boolean =>
  forRemoval ? leftovers.length + otherServices.length === 0 : leftovers.every(({ kind }) => kind !== "dead");

/** Every registration that matters for the purpose, one on each line, and what to do next. */
export function unstickReport(
  environment: DeployedEnvironment,
  blockage: Blockage,
  removed: readonly Leftover[],
  purpose: Purpose,
): string {
  const { namespace, namespaceIds, leftovers } = blockage;
  if (namespaceIds.length === 0) return `There is no namespace ${namespace}: nothing is registered in it.`;
  const shown = leftovers.filter(({ kind }) => purpose.forRemoval || kind !== "living");
  const lines = [
    ...removed.map((leftover) => `deregistered  ${line(leftover)}`),
    ...shown.map((leftover) => `${leftover.kind.padEnd(12)}  ${line(leftover)}`),
  ];
  return [
    ...lines,
    ...(lines.length > 0 ? [""] : []),
    ...stale(environment, blockage, purpose),
    ...(purpose.forRemoval ? beforeRemoval(environment, blockage) : whatStays(blockage)),
  ].join("\n");
}

const line = ({ service, instanceId, address, because }: Leftover) =>
  [`${service}: ${instanceId}`, ...(address ? [address] : [])].join(" ") + `, ${because}`;

const ofKind = ({ leftovers }: Blockage, kind: Leftover["kind"]) =>
  leftovers.filter((leftover) => leftover.kind === kind);

function stale(environment: DeployedEnvironment, blockage: Blockage, { forRemoval }: Purpose): string[] {
  if (ofKind(blockage, "dead").length === 0) return forRemoval ? [] : ["No stale registration is left."];
  return [`To deregister dead tasks: ${advice.unstickYes(environment, forRemoval)}`];
}

/** The registrations that stay. */
function whatStays(blockage: Blockage): string[] {
  const [living, foreign] = [ofKind(blockage, "living").length, ofKind(blockage, "foreign").length];
  return [
    ...(living > 0
      ? [`${living === 1 ? "1 registration of a living task stays" : `${living} registrations of living tasks stay`}.`]
      : []),
    ...(foreign > 0 ? ["Only the owner of a foreign registration knows whether it is stale."] : []),
  ];
}

function beforeRemoval(environment: DeployedEnvironment, blockage: Blockage): string[] {
  const { name, cluster, services, options } = environment;
  const { leftovers, otherServices, namespace } = blockage;
  const living = ofKind(blockage, "living");
  const running = services.filter((one) => living.some(({ service }) => service === one.name));
  return [
    ...running.map(
      (service) =>
        `${service.name} is running. To stop it: ${advice.stopService({ region: options.region, cluster, service: service.ecsService })}`,
    ),
    ...(ofKind(blockage, "foreign").length > 0 ? ["Only the owner can deregister a foreign registration."] : []),
    ...(otherServices.length > 0
      ? [
          `${namespace} also contains ${otherServices.join(", ")}, which ${name} doesn't contain: remove these before the namespace.`,
        ]
      : []),
    ...(leftovers.length + otherServices.length === 0
      ? [`Nothing is registered in ${namespace}: its services and the namespace can be removed now.`]
      : []),
  ];
}
