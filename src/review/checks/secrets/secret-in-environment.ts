import { looksSecret } from "../../../secret-values";
import { runningDefinitions, type Check } from "../check";

export const secretInEnvironment: Check = {
  id: "secret-in-environment",
  title: "A container's plain environment contains a secret",
  severity: "error",
  rationale:
    "Everyone who may describe the task definition can read it, in the console, in the plan and in the state, and AWS keeps every revision.",
  remediation:
    "Store the value as an SSM SecureString or in Secrets Manager and inject it: secrets = [{ name, valueFrom = its ARN }].",
  limitations: "The check looks at the variable's name, and at how random the value is. It never prints the value.",
  related: ["trivy AWS-0036"],
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html"],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      for (const { name, environment } of service.containers.known)
        for (const [variable, value] of environment) {
          const because = looksSecret(variable, value);
          if (because)
            yield {
              address: definition.address,
              message: `container ${name}: ${variable} is plain environment, and ${because}`,
            };
        }
    }
  },
};
