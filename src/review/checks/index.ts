import { alarmWithoutAction } from "./monitoring/alarm-without-action";
import { alarmWithoutData } from "./monitoring/alarm-without-data";
import { anyPortRule } from "./network/any-port-rule";
import { breakingVariable } from "./cluster/breaking-variable";
import { cannotConnect } from "./cluster/cannot-connect";
import type { Check } from "./check";
import { circuitBreaker } from "./service/circuit-breaker";
import { deregistrationDelay, drainer, gracePeriod, healthCheckTimeout, idleTimeout, shutdownTime } from "./web/times";
import { containerDependencies } from "./service/container-dependencies";
import { deletedWhileUsed } from "./service/deleted-while-used";
import { deploymentAlarmsOff } from "./deployment/deployment-alarms-off";
import { deploymentPartsNodes } from "./cluster/deployment-parts-nodes";
import { differentCookies } from "./cluster/different-cookies";
import { nodeCertificates } from "./cluster/node-certificates";
import { discoveryHealthCheck } from "./discovery/discovery-health-check";
import { discoveryRouting } from "./discovery/discovery-routing";
import { databaseNotReachable } from "./network/database-not-reachable";
import { distributionOpenToCidr } from "./network/distribution-open-to-cidr";
import { distributionRangePartlyOpen } from "./network/distribution-range-partly-open";
import { dnsAnswerLimit } from "./cluster/dns-answer-limit";
import { egressUnguarded } from "./network/egress-unguarded";
import { execPermissions } from "./secrets/exec-permissions";
import { execReadOnlyRoot } from "./service/exec-read-only-root";
import { executionRoleTooWide } from "./secrets/execution-role-too-wide";
import { fargateSize } from "./service/fargate-size";
import { gracePeriodWithoutLoadBalancer } from "./service/grace-period-without-load-balancer";
import { iamWildcard } from "./secrets/iam-wildcard";
import { healthCheckRedirect } from "./web/health-check-redirect";
import { imageBeyondVpc } from "./network/image-beyond-vpc";
import { imageNotPullable } from "./secrets/image-not-pullable";
import { imageRepositoryDeleted } from "./service/image-repository-deleted";
import { inlineAndSeparateRules } from "./network/inline-and-separate-rules";
import { loadBalancerBlocked } from "./web/load-balancer-blocked";
import { efsNotEncrypted } from "./service/efs-not-encrypted";
import { logMode } from "./service/log-mode";
import { logRouterMissing } from "./service/log-router-missing";
import { logRetention } from "./service/log-retention";
import { minimumHealthy } from "./service/minimum-healthy";
import { missingVpcEndpoints } from "./network/missing-vpc-endpoints";
import { mutableImageTag } from "./service/mutable-image-tag";
import { nameTaken } from "./service/name-taken";
import { noBakeTime } from "./deployment/no-bake-time";
import { noSelfRule } from "./network/no-self-rule";
import { oneRole } from "./secrets/one-role";
import { overlappingPartitions } from "./cluster/overlapping-partitions";
import { publicIp } from "./network/public-ip";
import { roleNotAssumable } from "./secrets/role-not-assumable";
import { scheduleRevision } from "./schedule/schedule-revision";
import { scheduleRole } from "./schedule/schedule-role";
import { scheduledNodeCutOff } from "./schedule/scheduled-node-cut-off";
import { secretInEnvironment } from "./secrets/secret-in-environment";
import { secretInPlan } from "./secrets/secret-in-plan";
import { environmentFileNotReadable } from "./secrets/environment-file-not-readable";
import { secretNotReadable } from "./secrets/secret-not-readable";
import { stateBucket } from "./state/state-bucket";
import { stateLocking } from "./state/state-locking";
import { stopTimeout } from "./service/stop-timeout";
import { loadBalancerKept } from "./web/load-balancer-kept";
import { targetType } from "./web/target-type";
import { tooManySecurityGroups } from "./network/too-many-security-groups";
import { spotOnly } from "./cluster/spot-only";
import { trafficShiftIncomplete } from "./deployment/traffic-shift-incomplete";
import { trafficWeightsReset } from "./deployment/traffic-weights-reset";
import { twoDiscoveries } from "./cluster/two-discoveries";
import { unseenPeer } from "./cluster/unseen-peer";
import { unusedTargetGroup } from "./web/unused-target-group";

/** All checks, in the order of docs/review.md: the cluster, the network, discovery, secrets and roles, the service, schedules, the load balancer, the alarms, the state. */
export const checks: readonly Check[] = [
  cannotConnect,
  breakingVariable,
  noSelfRule,
  databaseNotReachable,
  dnsAnswerLimit,
  overlappingPartitions,
  differentCookies,
  nodeCertificates,
  deploymentPartsNodes,
  deletedWhileUsed,
  nameTaken,
  imageRepositoryDeleted,
  twoDiscoveries,
  unseenPeer,
  distributionOpenToCidr,
  distributionRangePartlyOpen,
  anyPortRule,
  egressUnguarded,
  inlineAndSeparateRules,
  tooManySecurityGroups,
  publicIp,
  missingVpcEndpoints,
  imageBeyondVpc,
  discoveryHealthCheck,
  discoveryRouting,
  secretInEnvironment,
  secretInPlan,
  secretNotReadable,
  environmentFileNotReadable,
  imageNotPullable,
  roleNotAssumable,
  execPermissions,
  execReadOnlyRoot,
  executionRoleTooWide,
  oneRole,
  iamWildcard,
  mutableImageTag,
  fargateSize,
  containerDependencies,
  circuitBreaker,
  minimumHealthy,
  spotOnly,
  trafficShiftIncomplete,
  trafficWeightsReset,
  noBakeTime,
  deploymentAlarmsOff,
  gracePeriodWithoutLoadBalancer,
  stopTimeout,
  logRetention,
  logMode,
  logRouterMissing,
  efsNotEncrypted,
  scheduleRole,
  scheduledNodeCutOff,
  scheduleRevision,
  loadBalancerBlocked,
  loadBalancerKept,
  unusedTargetGroup,
  targetType,
  healthCheckTimeout,
  healthCheckRedirect,
  gracePeriod,
  deregistrationDelay,
  drainer,
  shutdownTime,
  idleTimeout,
  alarmWithoutAction,
  alarmWithoutData,
  stateLocking,
  stateBucket,
];
