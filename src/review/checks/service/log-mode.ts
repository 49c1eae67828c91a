import { runningDefinitions, type Check } from "../check";

export const logMode: Check = {
  id: "log-mode",
  title: "The log driver's mode or buffer isn't set",
  severity: "note",
  rationale:
    "ECS then uses the account's default. Since June 2025 that is non-blocking with a buffer of 10 MiB: further output is lost without a trace. In accounts whose default is blocking, the node hangs while CloudWatch accepts no output.",
  remediation:
    'Set mode and max-buffer-size in the options of awslogs, for instance "non-blocking" and "25m"; mode "blocking" needs no buffer.',
  sources: ["https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html"],
  *find(subject) {
    for (const { service, definition } of runningDefinitions(subject)) {
      if (!("known" in service.containers)) continue;
      for (const { name, awslogs } of service.containers.known) {
        if (awslogs === undefined || awslogs.mode === "blocking") continue;
        const missing = ["mode", "max-buffer-size"].filter((option) => awslogs[option] === undefined);
        if (missing.length > 0)
          yield {
            address: definition.address,
            message: `container ${name}: awslogs has no ${missing.join(" and no ")}`,
          };
      }
    }
  },
};
