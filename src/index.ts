/** The public API, for CDKTF apps of your own. */
export { constrainAwsProvider, requireAwsProvider } from "./constructs/aws-provider-range";
export { type ClusterMember, ExternalPeer, type ExternalPeerProps } from "./constructs/network/cluster-member";
export { type Architecture, ContainerImage, type ImageBuildProps } from "./constructs/image/container-image";
export { DiscoveryNamespace, type DiscoveryNamespaceProps } from "./constructs/service/discovery-namespace";
export { EcsCluster, type EcsClusterProps } from "./constructs/service/ecs-cluster";
export { ElixirService } from "./constructs/service/elixir-service";
export type { ExecSessions } from "./constructs/service/exec-sessions";
export type { ElixirServiceProps, HealthCheck, ServiceNames } from "./constructs/service/elixir-service-props";
export { LoadBalancer } from "./constructs/web/load-balancer";
export type {
  AllowedClients,
  ExistingLoadBalancer,
  LoadBalancerProps,
  NewLoadBalancer,
} from "./constructs/web/load-balancer-props";
export type { LoadBalancerSubnets } from "./constructs/web/load-balancer-subnets";
export { WebRoute } from "./constructs/web/web-route";
export type { TargetHealthCheck, WebRouteProps } from "./constructs/web/web-route-props";
export type { WebTarget } from "./constructs/web/web-target";
export type { PortRange } from "./aws/network/ports";
export { Monitoring, type MonitoringProps } from "./constructs/monitoring/monitoring";
export type {
  LoadBalancerMetrics,
  TargetMetrics,
  WatchedCluster,
  WatchedService,
} from "./constructs/monitoring/watched";
export { ErlangDistribution } from "./constructs/service/erlang-distribution";
export type { DistributionMode } from "./distribution";
export { Network, type NetworkProps, type SubnetChoice } from "./constructs/network/network";
export { EgressGroup, type EgressGroupProps } from "./constructs/network/egress-group";
export { type DistributionRules, ErlangCluster, type ErlangClusterProps } from "./constructs/network/erlang-cluster";
export { EncryptionRules, type EncryptionRulesProps } from "./constructs/organization/encryption-rules";
export { RoleRules, type RoleRulesProps } from "./constructs/organization/role-rules";
export { Peering } from "./constructs/network/peering";
export type { Egress, EgressRule } from "./constructs/network/security-rules";
export { Connection, type ConnectionProps } from "./constructs/network/connection";
export { EnvironmentFile, type EnvironmentFileProps } from "./constructs/service/secrets/environment-file";
export { ReleaseSecret, type ReleaseSecretProps } from "./constructs/service/secrets/release-secret";
export { configureBackend, type StateLocation } from "./constructs/state/state-backend";
export type { PolicyStatement } from "./constructs/service/policy-statement";
export { TaskRoles, type TaskRolesProps } from "./constructs/service/task-roles";
export {
  ConfigurationError,
  type Environment,
  type Environments,
  parseEnvironments,
  type Problem,
  type ServiceOptions,
} from "./environment";
export { buildContextDigest } from "./stacks/build-context";
export { UserError } from "./user-error";
export { ElixirClusterStack } from "./stacks/elixir-cluster-stack";
export { environmentsApp } from "./stacks/app/environments-app";
export { StateBucketStack, type StateBucketStackProps } from "./stacks/state-bucket-stack";
export { synthesize } from "./stacks/app/synthesis";
export { synthesizeFile, type SynthesizeFileOptions } from "./stacks/app/synthesize-file";
