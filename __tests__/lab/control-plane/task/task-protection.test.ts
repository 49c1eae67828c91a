import { TaskProtection } from "../../../../src/lab/control-plane/task/task-protection";
import { SimulatedClock } from "../../simulated-clock";
import { ScriptedAws } from "../scripted-aws";

const arn = "arn:aws:ecs:eu-west-1:123456789012:task/c/0a1b";
const role = "arn:aws:iam::123456789012:role/task";
const both = ["ecs:GetTaskProtection", "ecs:UpdateTaskProtection"];
const put = (enabled: unknown, minutes?: unknown) =>
  JSON.stringify({ ProtectionEnabled: enabled, ExpiresInMinutes: minutes });

function protection({
  actions = both,
  resource = "arn:aws:ecs:eu-west-1:123456789012:task/c/*",
  roles = [role],
  blocked = (): boolean => false,
} = {}) {
  const clock = new SimulatedClock();
  const changes: boolean[] = [];
  const aws = new ScriptedAws({
    GetRole: () => ({ Role: { AssumeRolePolicyDocument: "{}" } }),
    ListAttachedRolePolicies: () => ({}),
    ListRolePolicies: () => ({ PolicyNames: ["task"] }),
    GetRolePolicy: () => ({
      PolicyDocument: JSON.stringify({ Statement: [{ Effect: "Allow", Action: actions, Resource: resource }] }),
    }),
  });
  const task = new TaskProtection({
    arn,
    clusterArn: "arn:aws:ecs:eu-west-1:123456789012:cluster/c",
    taskRoleArn: roles[0],
    clients: aws.clients,
    clock,
    isBlocked: blocked,
    onChange: () => changes.push(task.enabled),
  });
  return { task, clock, changes };
}

describe("a task's protection", () => {
  it("lasts as many minutes as were asked for", async () => {
    // GIVEN
    const { task, clock, changes } = protection();
    // WHEN
    const { status, body } = await task.taskProtection(put(true, 1));
    // THEN
    expect(status).toBe(200);
    expect(body).toEqual({
      protection: {
        ExpirationDate: new Date(clock.now() + 60_000).toISOString(),
        ProtectionEnabled: true,
        TaskArn: arn,
      },
    });
    clock.run(59_999);
    expect(task.enabled).toBe(true);
    clock.run(1);
    expect(task.enabled).toBe(false);
    expect(changes).toEqual([true, false]);
    expect((await task.taskProtection()).body).toEqual({
      protection: { ExpirationDate: null, ProtectionEnabled: false, TaskArn: arn },
    });
  });

  it("lasts two hours by default, and as long as the newest request says", async () => {
    const { task, clock } = protection();
    await task.taskProtection(put(true, 1));
    await task.taskProtection(put(true));
    clock.run(120 * 60_000 - 1);
    expect(task.enabled).toBe(true);
    clock.run(1);
    expect(task.enabled).toBe(false);
  });

  it("ends on request, and not again later", async () => {
    const { task, clock, changes } = protection();
    await task.taskProtection(put(true, 1));
    await task.taskProtection(put(false));
    expect(task.enabled).toBe(false);
    clock.run(120_000);
    expect(changes).toEqual([true, false]);
  });

  it.each(["", "no JSON", "null", put(undefined), put("true"), put(true, 0), put(true, 2881), put(true, 1.5)])(
    "is not changed by %j",
    async (body) => {
      const { task } = protection();
      expect(await task.taskProtection(body)).toMatchObject({
        status: 400,
        body: { error: { Code: "InvalidParameterException", Arn: arn } },
      });
      expect(task.enabled).toBe(false);
    },
  );

  it.each([
    ["for tasks of another cluster", { resource: "arn:aws:ecs:eu-west-1:123456789012:task/other/*" }],
    ["to read it alone", { actions: ["ecs:GetTaskProtection"] }],
  ])("needs the task role's permission, and not one %s", async (_, permissions) => {
    const { task } = protection(permissions);
    const { status, body } = await task.taskProtection(put(true, 1));
    expect(status).toBe(400);
    expect(body).toEqual({
      error: {
        Arn: arn,
        Code: "AccessDeniedException",
        Message:
          `User: arn:aws:sts::123456789012:assumed-role/task/0a1b is not authorized to perform: ecs:UpdateTaskProtection ` +
          `on resource: ${arn} because no identity-based policy allows the ecs:UpdateTaskProtection action`,
      },
    });
    expect(task.enabled).toBe(false);
  });

  it("needs a permission of its own to be read", async () => {
    const { task } = protection({ actions: ["ecs:UpdateTaskProtection"] });
    expect(await task.taskProtection()).toMatchObject({
      status: 400,
      body: { error: { Code: "AccessDeniedException" } },
    });
  });

  it("needs a task role", async () => {
    const { task } = protection({ roles: [] });
    expect(await task.taskProtection(put(true, 1))).toMatchObject({
      status: 403,
      body: {
        error: {
          Code: "AccessDeniedException",
          Message: "Invalid Request: no task IAM role credentials available for task",
        },
      },
    });
  });

  it("is refused while as many tasks are protected as the service should have, but may be extended and ended", async () => {
    // GIVEN one that was protected in time
    let isBlocked = false;
    const { task } = protection({ blocked: () => isBlocked });
    await task.taskProtection(put(true, 1));
    // WHEN the others are protected too
    isBlocked = true;
    // THEN
    expect(await task.taskProtection(put(true, 2))).toMatchObject({
      body: { protection: { ProtectionEnabled: true } },
    });
    expect(await task.taskProtection(put(false))).toMatchObject({ body: { protection: { ProtectionEnabled: false } } });
    expect(await task.taskProtection(put(true, 1))).toEqual({
      status: 200,
      body: { failure: { Arn: arn, Detail: null, Reason: "DEPLOYMENT_BLOCKED" } },
    });
    expect(task.enabled).toBe(false);
  });
});
