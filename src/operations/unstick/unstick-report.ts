import { advice } from "../../advice";
import type { DeployedEnvironment } from "../deployed-environment";
import type { Blockage, Leftover } from "./unstick";

/** What the caller wants of the namespace. */
export interface Purpose {
  /** The namespace is to be removed, so everything that keeps it matters: living tasks and others' services too. */
  readonly forRemoval: boolean;
}

/** What is left to do: stale registrations, and before a removal whatever else keeps the namespace. */
export const isClear = ({ leftovers, otherServices }: Blockage, { forRemoval }: Purpose): boolean =>
  forRemoval ? leftovers.length + otherServices.length === 0 : leftovers.every(({ kind }) => kind !== "dead");

/** Every registration that matters for the purpose, a line each, and what to do next. */
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
  return [`To deregister what is dead: ${advice.unstickYes(environment, forRemoval)}`];
}

/** For an environment that goes on living. */
function whatStays(blockage: Blockage): string[] {
  const [living, foreign] = [ofKind(blockage, "living").length, ofKind(blockage, "foreign").length];
  return [
    ...(living > 0
      ? [`${living === 1 ? "1 registration of a living task stays" : `${living} registrations of living tasks stay`}.`]
      : []),
    ...(foreign > 0 ? [`Only the owner of what is foreign can tell whether it is stale.`] : []),
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
        `${service.name} still runs. To stop it: ${advice.stopService({ region: options.region, cluster, service: service.ecsService })}`,
    ),
    ...(ofKind(blockage, "foreign").length > 0 ? ["The owner of what is foreign has to deregister it."] : []),
    ...(otherServices.length > 0
      ? [
          `${namespace} also contains ${otherServices.join(", ")}, which ${name} doesn't know: remove these before the namespace.`,
        ]
      : []),
    ...(leftovers.length + otherServices.length === 0
      ? [`Nothing is registered in ${namespace}: its services and the namespace can be removed now.`]
      : []),
  ];
}
