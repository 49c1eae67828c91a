/**
 * The names that AWS resources of an environment get: one place for the constructs that make them, the checks that
 * compare them, and the commands that look for them later.
 */

/** A service's name in its account: its task definition's family, and the prefix of its other names. */
export const fullNameOf = (environment: string, service: string): string => `${environment}-${service}`;

/** Tags that Terraform gives everything it makes for an environment, which tell it from what somebody made by hand. */
export const ownTags = (environment: string) => ({ Environment: environment, ManagedBy: "terraform" });

/** Name of the security group that a service's tasks are in. */
export const securityGroupName = (fullName: string): string => `${fullName}-service`;

/** Name of the security group that all services of a cluster share. */
export const clusterGroupName = (environment: string, cluster: string): string => `${environment}-${cluster}-cluster`;

/** Name of the security group that contains an environment's egress rules. */
export const egressGroupName = (environment: string): string => `${environment}-egress`;

/** Name of the security group of an environment's load balancer. */
export const loadBalancerGroupName = (environment: string): string => `${environment}-load-balancer`;

/** Name of an environment's dashboard. */
export const dashboardName = (environment: string): string => `${environment}-clusters`;

/** Name of the EventBridge rules that report failed deployments: one, or several where one can't contain all services. */
export const failedDeploymentsRuleName = (environment: string, index: number): string =>
  `${environment}-failed-deployments${index === 0 ? "" : `-${index + 1}`}`;

/** Names of a service's own resources, where the option `names` doesn't set them. */
export const ownNames = (fullName: string, service: string) => ({
  service,
  executionRole: `${fullName}-execution`,
  taskRole: `${fullName}-task`,
  logGroup: `/ecs/${fullName}`,
});

/** Name of the role with which ECS shifts requests between a service's two target groups. */
export const trafficShiftRoleName = (fullName: string): string => `${fullName}-traffic`;

/** Name of the role with which a service's schedules run tasks. */
export const scheduleRoleName = (fullName: string): string => `${fullName}-schedule`;

/** Name of the log group of ECS Exec sessions in an ECS cluster that is made here. */
export const execLogGroupName = (ecsCluster: string): string => `/ecs/${ecsCluster}/exec`;

/** A release's default name: Elixir takes no hyphens. */
export const defaultReleaseName = (service: string): string => service.replace(/-/g, "_");
