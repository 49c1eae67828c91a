import {
  clusterGroupName,
  defaultReleaseName,
  egressGroupName,
  nameFrom,
  nameTemplatesOf,
  ownNames,
  securityGroupName,
} from "../aws/names";
import {
  clusterOf,
  type Environment,
  hasOwnEgress,
  parseEnvironments,
  rulesOf,
  type ServiceOptions,
} from "../environment";
import { didYouMean } from "../environment/nearest";
import { readTextFile } from "../regular-file";
import { UserError } from "../user-error";

/** An environment as its file describes it, with the names that Terraform gives its resources. */
export interface DeployedEnvironment {
  readonly name: string;
  /** Environments file that contains it. */
  readonly file: string;
  readonly options: Environment;
  /** Name of its ECS cluster. */
  readonly cluster: string;
  /** DNS name of its Cloud Map namespace. */
  readonly namespace: string;
  /** In the order of the file. */
  readonly services: readonly DeployedService[];
}

/** A service of a deployed environment. */
export interface DeployedService {
  /** Its name in the file, which is also the name of its container and of its service in Cloud Map. */
  readonly name: string;
  /** Name of the ECS service. */
  readonly ecsService: string;
  /** Name of the cluster that its nodes form. */
  readonly cluster: string;
  /** Names of the security groups that Terraform creates and assigns to it. */
  readonly securityGroups: readonly string[];
  /** Names of the roles that ECS and the application assume. */
  readonly executionRole: string;
  readonly taskRole: string;
  /** The release's name: the executable in the image, and the left side of its nodes' names. */
  readonly releaseName: string;
  readonly options: ServiceOptions;
}

/**
 * Reads an environment from an environments file.
 *
 * @throws UserError when there is no such file, or no such environment in it. @throws ConfigurationError when the file is wrong.
 */
export function readEnvironment(file: string, name: string): DeployedEnvironment {
  const environments = parseEnvironments(readText(file), file);
  return deployedEnvironment(file, name, named(environments, name, `environment in ${file}`));
}

/** Reads every environment of a file. @throws as {@link readEnvironment} does. */
export function readEnvironments(file: string): DeployedEnvironment[] {
  const environments = parseEnvironments(readText(file), file);
  return Object.entries(environments).map(([name, options]) => deployedEnvironment(file, name, options));
}

function deployedEnvironment(file: string, name: string, options: Environment): DeployedEnvironment {
  const { ecsCluster, namespace } = options;
  return {
    name,
    file,
    options,
    cluster: "name" in ecsCluster ? ecsCluster.name : ecsCluster.create,
    namespace: "create" in namespace ? namespace.create : namespace.existing,
    services: Object.entries(options.services).map(([service, one]) => deployedService(name, options, service, one)),
  };
}

function deployedService(
  environment: string,
  all: Environment,
  name: string,
  options: ServiceOptions,
): DeployedService {
  const templates = nameTemplatesOf({ ...all, environment });
  const cluster = clusterOf(name, options);
  const rules = rulesOf(all, cluster);
  const { service: ecsService, executionRole, taskRole } = { ...ownNames(templates, name), ...options.names };
  return {
    name,
    ecsService,
    cluster,
    securityGroups: [
      securityGroupName(nameFrom(templates.resources, name)),
      ...(hasOwnEgress(all, options) ? [] : [egressGroupName(templates.resources)]),
      ...(rules === "group" || rules === "all-traffic" ? [clusterGroupName(templates.resources, cluster)] : []),
    ],
    executionRole,
    taskRole,
    releaseName: options.releaseName ?? defaultReleaseName(name),
    options,
  };
}

/** @throws UserError that lists the services when there is none of this name. */
export function serviceNamed({ name, services }: DeployedEnvironment, service: string): DeployedService {
  return named(Object.fromEntries(services.map((one) => [one.name, one])), service, `service in ${name}`);
}

function readText(file: string): string {
  const whatToDo = "Name the environments file with --environments, or ENVIRONMENTS_FILE.";
  try {
    const text = readTextFile(file);
    if (text !== undefined) return text;
  } catch (error) {
    throw error instanceof UserError ? new UserError(`${error.message} ${whatToDo}`) : error;
  }
  throw new UserError(`There is no file ${file}. ${whatToDo}`);
}

function named<Value>(values: Readonly<Record<string, Value>>, name: string, what: string): Value {
  if (Object.hasOwn(values, name)) return values[name]!;
  const names = Object.keys(values);
  throw new UserError(
    `There is no ${what} called "${name}". There ${names.length === 1 ? "is" : "are"}: ${names.join(", ")}.` +
      didYouMean(name, names),
  );
}
