import { type Command, wholeNumber } from "./command";
import { findTask, titleOf } from "./tasks-here";

/** Commands that break something, and the one that repairs it. */
export const faults: readonly Command[] = [
  {
    usage: "kill <task> [<seconds>]",
    does: "SIGKILL, as when its machine is lost; its DNS record stays for this many seconds (0)",
    async run({ lab, print }, task, seconds = "0") {
      const killed = findTask(lab, task!);
      const stays = wholeNumber(seconds, "seconds");
      await lab.kill(killed.id, stays);
      print(`Killed ${titleOf(killed)}${stays > 0 ? `; its record stays for ${stays} s` : ""}.`);
    },
  },
  {
    usage: "interrupt <task>",
    does: "AWS takes a Spot task back: SIGTERM, while it is still registered",
    run({ lab, print }, task) {
      const found = findTask(lab, task!);
      found.interrupt();
      print(`Interrupted ${titleOf(found)}.`);
    },
  },
  {
    usage: "cut <task> [<task>]",
    does: "packets of a task, or between two tasks, vanish",
    async run({ lab, print, faults }, task, other) {
      const one = findTask(lab, task!);
      if (other === undefined) {
        await faults.cutTask(one);
        return print(`Packets from and to ${titleOf(one)} vanish, until you heal.`);
      }
      const two = findTask(lab, other);
      if (one === two) throw new Error(`Both are ${titleOf(one)}. Name two tasks, or one.`);
      await faults.cutLink(one, two);
      print(`Packets between ${titleOf(one)} and ${titleOf(two)} vanish, until you heal.`);
    },
  },
  {
    usage: "freeze <task>",
    does: "stops a task's processes (SIGSTOP)",
    async run({ lab, print, faults }, task) {
      const frozen = findTask(lab, task!);
      await faults.freeze(frozen);
      print(`${titleOf(frozen)} is frozen, until you heal.`);
    },
  },
  {
    usage: "alarm <name…>",
    does: "a CloudWatch alarm goes off: ECS rolls back deployments in progress that name it",
    run({ lab, print }, name) {
      const named = lab.services.filter(({ deploymentAlarms }) => deploymentAlarms.includes(name!));
      if (named.length === 0) throw new Error(`No service's deployment names the alarm "${name}".`);
      for (const service of named) service.alarmWentOff(name!);
      print(named.map(({ name, deployments: [first] }) => `${name}: ${first?.rolloutStateReason}`).join("\n"));
    },
  },
  {
    usage: "heal",
    does: "ends every cut and every freeze",
    async run({ print, faults }) {
      await faults.heal();
      print("Healed.");
    },
  },
];
