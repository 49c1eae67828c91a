import { visible } from "../../foreign-text";
import type { LabService } from "../control-plane/lab-service";
import type { AlarmChange } from "./alarm-watch";

interface Services {
  readonly services: readonly Pick<LabService, "alarmWentOff">[];
}

/** What deployments see of alarms: one that goes off ends those in progress that name it, as ECS does. */
export const rollBackBy =
  (lab: Services) =>
  ({ alarm, state }: AlarmChange): void => {
    if (state === "ALARM") for (const service of lab.services) service.alarmWentOff(alarm);
  };

/** As {@link rollBackBy}; and a person gets each alarm that goes off, and its end. */
export function alarmsTo(lab: Services, print: (line: string) => void): (change: AlarmChange) => void {
  const rollBack = rollBackBy(lab);
  const ringing = new Set<string>();
  return (change) => {
    const { alarm, state } = change;
    if (state === "ALARM" || ringing.delete(alarm)) print(`alarm ${visible(alarm)}: ${state}`);
    if (state === "ALARM") ringing.add(alarm);
    rollBack(change);
  };
}
