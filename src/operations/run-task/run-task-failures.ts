import type { Failure } from "@aws-sdk/client-ecs";

/** ECS's reasons for not starting a task, in words. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
const reasons: readonly (readonly [RegExp, string])[] = [
  [
    /^RESOURCE:(CPU|MEMORY|PORTS?|ENI|GPU)/,
    "no instance of the ECS cluster has that much free. Tasks of Fargate don't need one",
  ],
  [
    /^(RESOURCE:FARGATE|Capacity is unavailable)/,
    "Fargate has no capacity in these subnets now. Try again in a few minutes, or add subnets in other zones",
  ],
  [/^EMPTY CAPACITY PROVIDER$/, "its capacity provider has no instance and may start none"],
  [/^NO ACTIVE INSTANCES$/, "its capacity provider has no instance"],
  [/^INACTIVE$/, "its capacity provider, or the ECS cluster, is being deleted"],
  [
    /^(AGENT|ATTRIBUTE|LOCATION|MemberOf.*|.*placement constraint.*)$/,
    "no instance of the ECS cluster meets its requirements",
  ],
  [/^MISSING$/, "ECS doesn't know a resource that it names"],
];

/** `RESOURCE:MEMORY: no instance …`, with what ECS adds. */
export function failureInWords({ reason = "no reason", detail }: Failure): string {
  const meaning = reasons.find(([pattern]) => pattern.test(reason))?.[1];
  return [reason, meaning, detail].filter(Boolean).join(": ");
}
