import { describeTasks, listTasks } from "../../../src/aws/sdk/tasks";
import { pages, ScriptedAws } from "../../lab/control-plane/scripted-aws";

it("lists all pages of a cluster's tasks", async () => {
  const aws = new ScriptedAws({ ListTasks: pages("nextToken", { taskArns: ["a"] }, {}, { taskArns: ["b"] }) });
  const query = { cluster: "c", serviceName: "myapp", desiredStatus: "STOPPED" } as const;
  expect(await listTasks(aws.clients, query)).toEqual(["a", "b"]);
  expect(aws.requests("ListTasks")[0]).toEqual({ ...query, maxResults: 100 });
});

it("describes as many tasks as one call takes, and as many calls as that needs", async () => {
  const aws = new ScriptedAws({
    DescribeTasks: ({ tasks }: { tasks: string[] }) =>
      tasks.length === 100 ? { tasks: tasks.map((taskArn) => ({ taskArn })) } : {},
  });
  const ids = Array.from({ length: 101 }, (_, at) => `task-${at}`);
  expect(await describeTasks(aws.clients, "c", ids)).toHaveLength(100);
  expect(aws.requests("DescribeTasks")).toEqual([
    { cluster: "c", tasks: ids.slice(0, 100) },
    { cluster: "c", tasks: ["task-100"] },
  ]);
  expect(await describeTasks(aws.clients, "c", [])).toEqual([]);
});
