/** How ARNs of all partitions begin. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export const arnPrefix = "arn:aws(-[a-z]+)*";

/** The parts of most ARNs between the service and the resource. */
export const regionAndAccount = "[a-z0-9-]+:\\d{12}";
