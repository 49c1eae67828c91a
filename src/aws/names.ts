/**
 * The names that AWS resources of an environment get: one place for the constructs that make them, the checks that
 * compare them, and the commands that look for them later.
 */

/** Templates of names, where an environment sets none. */
export const defaultNameTemplates = {
  resources: "{environment}-{service}",
  repositories: "{environment}/{service}",
} as const;

/** Where names are unique, and what determines them. */
export interface NamedPlace {
  readonly environment: string;
  readonly region: string;
  /** @default {@link defaultNameTemplates} */
  readonly names?: NameTemplates | undefined;
  readonly iam?: { readonly namePrefix?: string | undefined } | undefined;
}

/** Templates with the placeholders `{environment}`, `{region}` and `{service}`. */
export interface NameTemplates {
  readonly resources?: string | undefined;
  /** @default "/ecs/" and the name by `resources` */
  readonly logGroups?: string | undefined;
  readonly repositories?: string | undefined;
}

/** The templates of an environment, with `{service}` as the only placeholder that is left. */
export function nameTemplatesOf({ environment, region, names = {}, iam = {} }: NamedPlace) {
  const { resources = defaultNameTemplates.resources, repositories = defaultNameTemplates.repositories } = names;
  const expanded = (template: string) =>
    template.replaceAll("{environment}", environment).replaceAll("{region}", region);
  const own = {
    resources: expanded(resources),
    roles: `${iam.namePrefix ?? ""}${expanded(resources)}`,
    logGroups: names.logGroups && expanded(names.logGroups),
  };
  return { ...serviceTemplates(own), repositories: expanded(repositories) };
}

/** The templates of a service's names, with `{service}` as the only placeholder. */
export interface ServiceTemplates {
  /** @default "{service}" */
  readonly resources?: string | undefined;
  /** @default `resources` */
  readonly roles?: string | undefined;
  /** @default "/ecs/" and `resources` */
  readonly logGroups?: string | undefined;
}

/** `templates` with every default filled in. */
export function serviceTemplates(templates: ServiceTemplates = {}): { [Kind in keyof ServiceTemplates]-?: string } {
  const { resources = "{service}", roles = resources, logGroups = `/ecs/${resources}` } = templates;
  return { resources, roles, logGroups };
}

/** The name by a template of {@link nameTemplatesOf}. @param service a service's name, or the word of what belongs to none */
export const nameFrom = (template: string, service: string): string => template.replaceAll("{service}", service);

/** The tag of everything that Terraform makes, unless `defaultTags` replaces it. */
export const managedByTerraform = { ManagedBy: "terraform" } as const;

/** Tags that Terraform gives everything it makes for an environment, which tell it from what somebody made by hand. */
export const ownTags = (
  environment: string,
  { defaultTags, tags = {} }: OwnTags,
): Readonly<Record<string, string>> => ({
  ...(defaultTags ?? { Environment: environment, ...managedByTerraform }),
  ...tags,
});

/** An environment's options of tags. */
interface OwnTags {
  readonly defaultTags?: Readonly<Record<string, string>> | undefined;
  readonly tags?: Readonly<Record<string, string>>;
}

/** Name of the security group that a service's tasks are in. */
export const securityGroupName = (fullName: string): string => `${fullName}-service`;

/** Name of the security group that all services of a cluster share. */
export const clusterGroupName = (template: string, cluster: string): string => `${nameFrom(template, cluster)}-cluster`;

/** Name of the security group that contains an environment's egress rules. */
export const egressGroupName = (template: string): string => nameFrom(template, "egress");

/** Name of the security group of an environment's load balancer, and the beginning of the load balancer's. */
export const loadBalancerName = (template: string): string => nameFrom(template, "load-balancer");

/** Name of the security group of a created VPC's endpoints. */
export const endpointsGroupName = (template: string): string => nameFrom(template, "endpoints");

/** Name of the log group of a created VPC's flow logs. */
export const flowLogGroupName = (template: string): string => `/vpc/${nameFrom(template, "flow-logs")}`;

/** Name of the role that writes a created VPC's flow logs. */
export const flowLogRoleName = (roles: string): string => nameFrom(roles, "flow-logs");

/** Name of an environment's dashboard. */
export const dashboardName = (template: string): string => nameFrom(template, "clusters");

/** Name of the EventBridge rules that report failed deployments: one, or several where one can't contain all services. */
export const failedDeploymentsRuleName = (template: string, index: number): string =>
  `${nameFrom(template, "failed-deployments")}${index === 0 ? "" : `-${index + 1}`}`;

/** Names of a service's own resources, where its option `names` doesn't set them. */
export const ownNames = ({ roles, logGroups }: ReturnType<typeof serviceTemplates>, service: string) => ({
  service,
  executionRole: `${nameFrom(roles, service)}-execution`,
  taskRole: `${nameFrom(roles, service)}-task`,
  logGroup: nameFrom(logGroups, service),
});

/** Name of the role with which ECS shifts requests between a service's two target groups. */
export const trafficShiftRoleName = (roles: string, service: string): string => `${nameFrom(roles, service)}-traffic`;

/** Name of the role with which a service's schedules run tasks. */
export const scheduleRoleName = (roles: string, service: string): string => `${nameFrom(roles, service)}-schedule`;

/** Name of the log group of ECS Exec sessions in an ECS cluster that is made here. */
export const execLogGroupName = (ecsCluster: string): string => `/ecs/${ecsCluster}/exec`;

/** A release's default name: Elixir takes no hyphens. */
export const defaultReleaseName = (service: string): string => service.replace(/-/g, "_");
