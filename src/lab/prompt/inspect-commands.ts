import { systemClock } from "../clock";
import { expectedMeshes } from "../cluster/expected-meshes";
import { awaitMesh, meshOf } from "../cluster/mesh";
import { renderMesh } from "../cluster/mesh-table";
import { shellLine } from "../local-aws/aws";
import { type Command, wholeNumber } from "./command";
import { timersOf } from "../waiting/wait";
import { aligned, findTask, shortId } from "./tasks-here";

/** Commands that change nothing. */
export const inspectCommands: readonly Command[] = [
  {
    usage: "tasks",
    does: "lists tasks with address, status and health",
    run({ lab, print }) {
      const rows = lab.tasks.map((task) => [
        shortId(task),
        task.order.serviceName,
        task.networkInterface?.address ?? "-",
        task.end
          ? `${task.status} (${task.end.stoppedReason})`
          : task.status + (task.protection.enabled ? " (protected)" : ""),
        task.health,
        `${Math.round((systemClock.now() - task.createdAt) / 1000)} s`,
      ]);
      print(aligned([["TASK", "SERVICE", "ADDRESS", "STATUS", "HEALTH", "AGE"], ...rows]));
    },
  },
  {
    usage: "aws",
    does: "the line for another terminal, after which doctor, status, logs and the AWS CLI talk to this lab",
    run({ lab, print }) {
      print(shellLine(lab.options.aws));
    },
  },
  {
    usage: "mesh",
    does: "which nodes see each other, as each node reports it",
    async run({ lab, print }) {
      print(renderMesh(await meshOf(lab)));
    },
  },
  {
    usage: "wait [<seconds>]",
    does: "waits until every service is steady and every node sees all others of its cluster, for as long as that may take, or for this many seconds",
    async run({ lab, print, signal }, seconds) {
      const started = systemClock.now();
      const asked = seconds === undefined ? {} : { bound: timersOf({ asked: wholeNumber(seconds, "seconds") }) };
      const bound = { ...asked, signal };
      await lab.steady(bound);
      const { meshes, unknown } = expectedMeshes(lab.services);
      for (const services of meshes) {
        const mesh = await awaitMesh(lab, { ...bound, services });
        if (meshes.length + unknown.length > 1) print(`cluster of ${services.join(", ")}:`);
        print(renderMesh(mesh));
      }
      if (unknown.length > 0) print(`steady, with no cluster to wait for (discovery: none): ${unknown.join(", ")}`);
      print(`after ${((systemClock.now() - started) / 1000).toFixed(1)} s`);
    },
  },
  {
    usage: "logs <task> [<lines>]",
    does: "the last lines of a task's output (20 by default)",
    run({ lab, print }, task, lines = "20") {
      const log = findTask(lab, task!).containers.telling?.running?.log().trimEnd() ?? "";
      print(log.split("\n").slice(-wholeNumber(lines, "lines")).join("\n"));
    },
  },
  {
    usage: "events [<lines>]",
    does: "service events of ECS (the last 20 by default)",
    run({ lab, print }, lines = "20") {
      const events = lab.services.flatMap(({ events }) => events);
      const newest = [...events].sort((one, other) => one.createdAt.localeCompare(other.createdAt));
      print(
        newest
          .slice(-wholeNumber(lines, "lines"))
          .map(({ createdAt, message }) => `${createdAt.slice(11, 19)} ${message}`)
          .join("\n"),
      );
    },
  },
  {
    usage: "denied",
    does: "packets that security groups or network ACLs denied: from where, to where, and whose rules dropped them",
    async run({ lab, print }) {
      const { denied } = await lab.runtime.counters();
      const name = (address: string) => {
        const task = lab.tasks.find(({ networkInterface }) => networkInterface?.address === address);
        return task ? `${task.order.serviceName} ${address}` : address;
      };
      const rows = denied.map(({ packets, source, destination, protocol, port, direction, byAcl }) => [
        String(packets),
        name(source),
        name(destination),
        `${protocol} ${port}`,
        `${direction === "egress" ? "the sender's" : "the receiver's"} ${byAcl ? "network ACL " : ""}(${direction})`,
      ]);
      print(rows.length === 0 ? "None." : aligned([["PACKETS", "FROM", "TO", "PORT", "DROPPED BY"], ...rows]));
    },
  },
];
