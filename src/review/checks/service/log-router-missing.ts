import { runningDefinitions, type Check } from "../check";

export const logRouterMissing: Check = {
  id: "log-router-missing",
  title: "A container sends its output to a log router that doesn't exist",
  severity: "error",
  rationale:
    "The log driver awsfirelens sends output to the container of the same task that has a firelensConfiguration. Without one, AWS rejects the task definition, or no task starts.",
  remediation:
    "Add a container with firelensConfiguration, such as AWS for Fluent Bit, to the same task definition, and let the others depend on its START. Or set the log driver awslogs.",
  limitations: "The check reports nothing if the container definitions aren't known before apply.",
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/firelens-taskdef.html"],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      const { known } = service.containers;
      if (known.some(({ isLogRouter }) => isLogRouter)) continue;
      for (const { name, logDriver } of known)
        if (logDriver === "awsfirelens")
          yield {
            address: definition.address,
            message: `container ${name} has the log driver awsfirelens, and no container of the task has a firelensConfiguration`,
          };
    }
  },
};
