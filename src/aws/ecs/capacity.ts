/** The capacity providers that every account has. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html */
export const fargateProviders = { onDemand: "FARGATE", spot: "FARGATE_SPOT" } as const;

/** Seconds from the warning of a Spot interruption to the end of the task. Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html */
export const spotWarningSeconds = 120;
