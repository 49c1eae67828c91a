import { heartbeatSeconds } from "../../../web-times";
import { timeCheck } from "./broken-time";

const targetGroups =
  "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html";

export const deregistrationDelay = timeCheck("deregistration-delay", {
  title: "The load balancer waits longer for a task than ECS does",
  severity: "warning",
  rationale:
    "ECS sends SIGTERM after the deregistration delay, so each round of a deployment takes at least that long: 5 minutes by default. With Fargate Spot, or if the container's health check fails, SIGTERM comes first: ECS then cuts requests off after stopTimeout, even if the delay would allow them.",
  remediation: "Set deregistration_delay to the longest request that you serve, and stopTimeout to at least as much.",
  limitations: "The check reports nothing if the container definitions or the delay aren't known.",
  sources: [
    targetGroups,
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-connection-draining.html",
  ],
});

export const drainer = timeCheck("drainer", {
  title: "Sockets may still be asked to reconnect when the task ends",
  severity: "warning",
  rationale:
    "The endpoint asks its sockets to reconnect in batches. Sockets that it hasn't asked when the release ends lose their connection without a close frame, and their clients all reconnect at the same moment.",
  remediation: "Raise stopTimeout, or let the drainer take less time than the release has to stop.",
  limitations:
    "The check reads DRAIN_SECONDS, which this project's layouts set. It doesn't know an endpoint's own setting of the drainer.",
  sources: ["https://hexdocs.pm/phoenix/Phoenix.Endpoint.html#socket/3"],
});

export const shutdownTime = timeCheck("shutdown-time", {
  title: "The release may still stop when ECS kills it",
  severity: "warning",
  rationale:
    "-shutdown_time ends a release that hangs. If it is as long as stopTimeout, ECS kills the task first, and applications that would have stopped later, such as the one that leaves the cluster, never do.",
  remediation: "Set SHUTDOWN_TIME below stopTimeout.",
  limitations: "The check reads SHUTDOWN_TIME. It doesn't know the -shutdown_time in a release's own vm.args.",
  sources: [
    "https://www.erlang.org/doc/apps/erts/init.html",
    "https://hexdocs.pm/phoenix/Phoenix.Endpoint.html#socket/3",
  ],
});

export const idleTimeout = timeCheck("idle-timeout", {
  title: "The load balancer closes quiet sockets",
  severity: "warning",
  rationale: `A Phoenix WebSocket is silent for up to ${heartbeatSeconds} s, the time between two heartbeats. The load balancer closes it before that, and every page repeatedly reconnects.`,
  remediation: `Set idle_timeout above ${heartbeatSeconds} s, and below the idle timeout of the HTTP server, which is 60 s in Bandit and Cowboy.`,
  sources: [
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html",
    "https://hexdocs.pm/phoenix/js/",
  ],
});

export const gracePeriod = timeCheck("grace-period", {
  title: "ECS replaces a task before it can be healthy",
  severity: "warning",
  rationale:
    "After the grace period, ECS stops a task that the load balancer finds unhealthy. If a release is still booting then, ECS replaces it with another one that boots as slowly, until the circuit breaker rolls the deployment back.",
  remediation:
    "Set health_check_grace_period_seconds to the time that the slowest boot takes plus interval × healthy_threshold.",
  limitations:
    "The check doesn't know how long a release takes to boot: it compares only the health checks with the grace period.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/load-balancer-healthcheck.html"],
});

export const healthCheckTimeout = timeCheck("health-check-timeout", {
  title: "A health check takes as long as the time between two",
  severity: "error",
  rationale: "AWS refuses the target group: the interval must be greater than the timeout.",
  remediation: "Set health_check.timeout below health_check.interval.",
  sources: ["https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html"],
});
