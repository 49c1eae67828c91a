/** The groups that a task's network interface gets. Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyNetworkInterfaceAttribute.html */
export interface GroupAssignment {
  readonly taskId: string;
  readonly securityGroupIds: readonly string[];
}

/** A TCP connection to open from a task. */
export interface Probe {
  readonly taskId: string;
  readonly sourcePort: number;
  readonly address: string;
  readonly port: number;
}
