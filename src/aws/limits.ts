/** What a task's network takes. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
export const maxSubnets = 16;
export const maxSecurityGroups = 5;

/** Characters of an IAM role's name. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const maxRoleName = 64;

/**
 * Rules that a security group takes in one direction unless AWS raises it, for IPv4 and for IPv6 each; a rule that names a
 * group counts in both. Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
 */
export const maxGroupRules = 60;

/**
 * Seconds from SIGTERM to SIGKILL: ECS's default, and what Fargate allows.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const stopTimeoutSeconds = { default: 30, min: 2, max: 120 } as const;

/**
 * Seconds that a container waits for what it depends on, as Fargate allows; no limit unless it is set.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
 */
export const startTimeoutSeconds = { min: 2, max: 120 } as const;

/** Priorities of a listener's rules are 1 to this. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html */
export const maxRulePriority = 50_000;

/**
 * Seconds in which a new target's share of requests grows, where it isn't 0.
 * Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
 */
export const slowStartSeconds = { min: 30, max: 900 } as const;

/** Environment files of a task definition. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html */
export const maxEnvironmentFiles = 10;

/** Days that a log group keeps logs. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const logRetentionDays = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** GiB of a task's disk on Fargate, and what a definition may ask for. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-task-storage.html */
export const ephemeralStorageGiB = { default: 20, min: 21, max: 200 } as const;

/** Open files that Fargate allows a container. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html */
export const maxOpenFiles = 1048576;

/** Seconds that a container must have run before ECS starts it again. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerRestartPolicy.html */
export const restartPolicySeconds = { default: 300, min: 60, max: 1800 } as const;
