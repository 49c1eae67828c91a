import { anyPortRule } from "./any-port-rule";
import { breakingVariable } from "./breaking-variable";
import { cannotConnect } from "./cannot-connect";
import type { Check } from "./check";
import { circuitBreaker } from "./circuit-breaker";
import { deletedWhileUsed } from "./deleted-while-used";
import { deploymentPartsNodes } from "./deployment-parts-nodes";
import { differentCookies } from "./different-cookies";
import { discoveryHealthCheck } from "./discovery-health-check";
import { discoveryRouting } from "./discovery-routing";
import { distributionOpenToCidr } from "./distribution-open-to-cidr";
import { distributionRangePartlyOpen } from "./distribution-range-partly-open";
import { dnsAnswerLimit } from "./dns-answer-limit";
import { egressUnguarded } from "./egress-unguarded";
import { execPermissions } from "./exec-permissions";
import { execReadOnlyRoot } from "./exec-read-only-root";
import { executionRoleTooWide } from "./execution-role-too-wide";
import { fargateSize } from "./fargate-size";
import { gracePeriodWithoutLoadBalancer } from "./grace-period-without-load-balancer";
import { iamWildcard } from "./iam-wildcard";
import { imageRepositoryDeleted } from "./image-repository-deleted";
import { inlineAndSeparateRules } from "./inline-and-separate-rules";
import { logRetention } from "./log-retention";
import { minimumHealthy } from "./minimum-healthy";
import { missingVpcEndpoints } from "./missing-vpc-endpoints";
import { mutableImageTag } from "./mutable-image-tag";
import { noSelfRule } from "./no-self-rule";
import { oneRole } from "./one-role";
import { overlappingPartitions } from "./overlapping-partitions";
import { publicIp } from "./public-ip";
import { secretInEnvironment } from "./secret-in-environment";
import { secretInPlan } from "./secret-in-plan";
import { secretNotReadable } from "./secret-not-readable";
import { stateBucketEncryption } from "./state-bucket-encryption";
import { stateBucketPublicAccess } from "./state-bucket-public-access";
import { stateBucketTls } from "./state-bucket-tls";
import { stateBucketVersioning } from "./state-bucket-versioning";
import { stateLocking } from "./state-locking";
import { stopTimeout } from "./stop-timeout";
import { tooManySecurityGroups } from "./too-many-security-groups";
import { unseenPeer } from "./unseen-peer";

/** All checks, in the order of docs/review.md: the cluster, the network, discovery, secrets and roles, the service, the state. */
export const checks: readonly Check[] = [
  cannotConnect,
  breakingVariable,
  noSelfRule,
  dnsAnswerLimit,
  overlappingPartitions,
  differentCookies,
  deploymentPartsNodes,
  deletedWhileUsed,
  imageRepositoryDeleted,
  unseenPeer,
  distributionOpenToCidr,
  distributionRangePartlyOpen,
  anyPortRule,
  egressUnguarded,
  inlineAndSeparateRules,
  tooManySecurityGroups,
  publicIp,
  missingVpcEndpoints,
  discoveryHealthCheck,
  discoveryRouting,
  secretInEnvironment,
  secretInPlan,
  secretNotReadable,
  execPermissions,
  execReadOnlyRoot,
  executionRoleTooWide,
  oneRole,
  iamWildcard,
  mutableImageTag,
  fargateSize,
  circuitBreaker,
  minimumHealthy,
  gracePeriodWithoutLoadBalancer,
  stopTimeout,
  logRetention,
  stateLocking,
  stateBucketVersioning,
  stateBucketEncryption,
  stateBucketPublicAccess,
  stateBucketTls,
];
