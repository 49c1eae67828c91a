import { type Command, wholeNumber } from "./command";

/** Commands that operate a service. */
export const services: readonly Command[] = [
  {
    usage: "scale <service> <count>",
    does: "UpdateService with another desired count",
    async run({ lab, print }, service, count) {
      const desiredCount = wholeNumber(count!, "tasks");
      const before = lab.service(service!).desiredCount;
      await lab.updateService(service!, { desiredCount });
      print(`${service}: ${before} tasks before, ${desiredCount} from now on.`);
    },
  },
  {
    usage: "deploy <service>",
    does: "UpdateService with a new deployment of the same task definition",
    async run({ lab, print }, service) {
      await lab.updateService(service!, { forceNewDeployment: true });
      const [deployment] = lab.service(service!).deployments;
      print(`${service}: ${deployment?.rolloutStateReason ?? "a new deployment begins."}`);
    },
  },
];
