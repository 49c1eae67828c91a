/** What a task's network takes. Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
export const maxSubnets = 16;
export const maxSecurityGroups = 5;

/** Characters of an IAM role's name. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html */
export const maxRoleName = 64;
