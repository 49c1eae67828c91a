/** The public face: what an app of one's own imports. */
export { type ClusterMember, ExternalPeer, type ExternalPeerProps } from "./constructs/cluster-member";
export { ContainerImage, type ImageBuildProps } from "./constructs/container-image";
export { DiscoveryNamespace, type DiscoveryNamespaceProps } from "./constructs/discovery-namespace";
export { EcsCluster, type EcsClusterProps } from "./constructs/ecs-cluster";
export { ElixirService } from "./constructs/elixir-service";
export type { ElixirServiceProps } from "./constructs/elixir-service-props";
export { type DistributionMode, ErlangDistribution, type PortRange } from "./constructs/erlang-distribution";
export { Network, type NetworkProps } from "./constructs/network";
export { introduce, Peering, SharedSecurityGroup, type SharedSecurityGroupProps } from "./constructs/peering";
export { ReleaseSecret, type ReleaseSecretProps } from "./constructs/release-secret";
export { keepStateIn } from "./constructs/state-backend";
export { type PolicyStatement, TaskRoles, type TaskRolesProps } from "./constructs/task-roles";
export {
  ConfigurationError,
  type Environment,
  type Environments,
  parseEnvironments,
  type Problem,
  type ServiceOptions,
} from "./environment";
export { buildContextDigest } from "./stacks/build-context";
export { ElixirClusterStack } from "./stacks/elixir-cluster-stack";
export { environmentsApp } from "./stacks/environments-app";
export { StateBucketStack, type StateBucketStackProps } from "./stacks/state-bucket-stack";
export { synthesize } from "./stacks/synthesis";
