import { describeFargateMemory, fargateMemory } from "../../aws/ecs/fargate-sizes";
import { maxRoleName } from "../../aws/limits";
import { nameFrom, ownNames } from "../../aws/names";
import type { PortRange } from "../../aws/network/ports";
import { epmdPort } from "../../distribution";
import { quote } from "../problems";
import type { EnvironmentParts, ServiceParts } from "../schema/schema";
import type { Finding } from "./finding";
import { templatesOf } from "./names/name-templates";

/** A service's place in the file: `environments`, its environment's name, `services`, its own name. */
export interface Place {
  readonly path: readonly string[];
  readonly environment: string;
  readonly service: string;
}

/** Names that contain a service's. Sources: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
export function name(
  { path, environment, service }: Place,
  { image }: ServiceParts,
  parts: EnvironmentParts,
): Finding[] {
  const found = `${quote(service)} as a name`;
  const templates = templatesOf(environment, parts);
  const longestRole = (of: string) => ownNames(templates, of).executionRole;
  const maxLength = maxRoleName - longestRole("").length;
  if (service.length > maxLength) {
    const role = `the IAM role "${longestRole("<service>")}" has ${maxRoleName} at most`;
    const shorten = maxLength < 1 ? "a shorter template in names.resources, or a shorter iam.namePrefix" : "";
    const allowed = `${shorten || `at most ${maxLength} characters here`}: ${role}`;
    return [{ path, found, allowed }];
  }
  const repository = nameFrom(templates.repositories, service);
  if (image?.build === undefined || !repository.includes("--")) return [];
  return [{ path, found, allowed: `no two hyphens in a row: the ECR repository "${repository}" can't have them` }];
}

/** Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html */
export function size({ path }: Place, { cpu, memory }: ServiceParts): Finding[] {
  if (cpu === undefined || memory === undefined || fargateMemory(cpu).includes(memory)) return [];
  return [{ path: [...path, "memory"], allowed: `${describeFargateMemory(cpu)} with cpu ${cpu}` }];
}

/** A remote run has neither the folder nor a Docker engine. Source: https://developer.hashicorp.com/terraform/cloud-docs/run/run-environment */
export function build({ path }: Place, { image }: ServiceParts, { state }: EnvironmentParts): Finding[] {
  if (image?.build === undefined || state?.cloud?.execution !== "remote") return [];
  const allowed =
    "uri or variable: a remote run in Terraform Cloud has neither this folder nor a Docker engine. Build in your pipeline and " +
    'pass the image in a variable, or set state.cloud.execution to "local"';
  return [{ path: [...path, "image"], allowed }];
}

/** Of two listeners on one port, the second crashes the task. */
export function httpPort(
  { path }: Place,
  { httpPort: port, distribution: own }: ServiceParts,
  { distribution = {} }: EnvironmentParts,
): Finding[] {
  const used = distributionPortsOf({ distribution: own }, { distribution });
  if (port === undefined || !used.some(({ from, to }) => from <= port && port <= to)) return [];
  const ranges = used.map(({ from, to }) => (from === to ? `${from}` : `${from} to ${to}`)).join(" and ");
  return [{ path: [...path, "httpPort"], allowed: `a port that Erlang distribution doesn't use; it uses ${ranges}` }];
}

/** Where a service's node listens for others; nothing where the option is wrong. */
export function distributionPortsOf(
  { distribution: own }: Pick<ServiceParts, "distribution">,
  { distribution = {} }: Pick<EnvironmentParts, "distribution">,
): PortRange[] {
  const { epmd, singlePort, tls } = own ?? distribution;
  const port = singlePort ?? tls?.port;
  if (port !== undefined) return [{ from: port, to: port }];
  const { from, to } = epmd ?? {};
  return from === undefined || to === undefined
    ? []
    : [
        { from: epmdPort, to: epmdPort },
        { from, to },
      ];
}
