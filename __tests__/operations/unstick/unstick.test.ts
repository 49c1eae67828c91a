import { unstickCommand } from "../../../src/cli/operations/unstick";
import { withAws } from "../../../src/aws/sdk/clients";
import { registrationsOf } from "../../../src/operations/unstick/registrations";
import { runCommand } from "../command";
import { deployBefore } from "../deploy-before";
import { Deployed } from "../deployed";
import { FaultyAws, shortWaits } from "../faulty-aws";

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore((own) => ({ deployed, faulty } = own));

const unstick = (...args: string[]) => runCommand(unstickCommand(), "prod", "--environments", deployed.file, ...args);

const registered = (service: string) =>
  withAws(deployed.aws.region, async (aws) =>
    (await registrationsOf(aws, deployed.registries.get(service)!)).map(({ id }) => id).sort(),
  );

const id = (number: number) => number.toString(16).padStart(32, "0");

/** The command that a line of the report advises. */
const advised = (out: string, label: string) =>
  out
    .split("\n")
    .find((line) => line.startsWith(label))
    ?.slice(label.length);

/** A task that runs, one that has stopped and one that ECS has forgotten; the last two are still registered. */
async function oneLivingTwoDead(): Promise<void> {
  await deployed.tasks({ service: "myapp", id: id(1), address: "10.0.1.11" });
  const record = { stoppedReason: "Scaling activity" };
  await deployed.tasks({ service: "myapp", id: id(2), status: "STOPPED", record });
  await deployed.register("myapp", id(2), "10.0.1.12");
  await deployed.register("myapp2", id(3), "10.0.1.13");
}

/** Registrations that no task of this account and region can be behind. */
async function fourForeign(): Promise<void> {
  await deployed.register("myapp2", "by-hand", "10.0.1.20", { ECS_CLUSTER_NAME: undefined });
  await deployed.register("myapp2", id(5), "10.0.1.21", { ECS_CLUSTER_NAME: "cluster-of-another-account" });
  await deployed.register("myapp2", id(6), "10.0.1.22", { REGION: "us-east-1" });
  await deployed.register("myapp2", "db-1", "10.0.1.23");
}

describe("unstick, on a living environment", () => {
  it("finds nothing stale where all is well, and exits with 0", async () => {
    await deployed.tasks({ service: "myapp", id: id(1), address: "10.0.1.11" });
    expect(await unstick()).toMatchObject({
      out: "No stale registration is left.\n1 registration of a living task stays.",
      code: 0,
    });
  });

  it("lists what is dead, and touches nothing without --yes", async () => {
    // GIVEN
    await oneLivingTwoDead();
    // WHEN
    const { out, code } = await unstick();
    // THEN
    expect(code).toBe(1);
    expect(out).toContain(`dead          myapp: ${id(2)} 10.0.1.12, its task has stopped: Scaling activity`);
    expect(out).toContain(`dead          myapp2: ${id(3)} 10.0.1.13, ECS doesn't know its task`);
    expect(out).not.toMatch(/living {2}|desired-count|[Ss]top it/);
    expect(advised(out, "To deregister dead tasks: ")).toBe(
      `npm run unstick -- prod --yes --environments ${deployed.file}`,
    );
    expect(await registered("myapp")).toEqual([id(1), id(2)]);
    expect(faulty.count("DeregisterInstance")).toBe(0);
  });

  it("deregisters the dead with --yes, exits with 0, and never advises to stop a service", async () => {
    // GIVEN
    await oneLivingTwoDead();
    // WHEN
    const { out, code } = await unstick("--yes");
    // THEN
    expect(code).toBe(0);
    expect(out).toBe(
      [
        `deregistered  myapp: ${id(2)} 10.0.1.12, its task has stopped: Scaling activity`,
        `deregistered  myapp2: ${id(3)} 10.0.1.13, ECS doesn't know its task`,
        "",
        "No stale registration is left.",
        "1 registration of a living task stays.",
      ].join("\n"),
    );
    expect(await registered("myapp")).toEqual([id(1)]);
  });

  it("leaves what isn't ECS's or another cluster's, shows it, and exits with 0", async () => {
    // GIVEN
    await deployed.tasks({ service: "myapp", id: id(4), address: "10.0.1.14", status: "DEACTIVATING" });
    await fourForeign();
    await deployed.register("myapp2", id(7), "10.0.1.24");
    // WHEN
    const { out, code } = await unstick("--yes");
    // THEN
    expect(await registered("myapp")).toEqual([id(4)]);
    expect(out).toContain(`deregistered  myapp2: ${id(7)} 10.0.1.24`);
    expect(await registered("myapp2")).toEqual([id(5), id(6), "by-hand", "db-1"].sort());
    expect(out).toContain("foreign       myapp2: db-1 10.0.1.23, its id isn't a task's");
    expect(out).toContain("this account has no ECS cluster cluster-of-another-account");
    expect(out).toContain("foreign       myapp2: by-hand 10.0.1.20, ECS did not register it");
    expect(out).toContain("its task is in us-east-1");
    expect(code).toBe(0);
  });

  it("doesn't mind services of others in the namespace", async () => {
    await deployed.discoveryService("billing");
    const { out, code } = await unstick();
    expect(out).not.toContain("billing");
    expect(code).toBe(0);
  });
});

describe("unstick --for-removal", () => {
  it("says that nothing keeps the namespace", async () => {
    const { out, code } = await unstick("--for-removal");
    expect(out).toBe("Nothing is registered in organization.local: its services and the namespace can be removed now.");
    expect(code).toBe(0);
  });

  it("shows living tasks and how to stop their service, and exits with 1 after --yes too", async () => {
    // GIVEN
    await oneLivingTwoDead();
    // WHEN
    const { out, code } = await unstick("--for-removal");
    // THEN
    expect(code).toBe(1);
    expect(out).toContain(`living        myapp: ${id(1)} 10.0.1.11, its task is RUNNING`);
    expect(advised(out, "To deregister dead tasks: ")).toBe(
      `npm run unstick -- prod --yes --for-removal --environments ${deployed.file}`,
    );
    const stop = "aws ecs update-service --region eu-west-1 --cluster my-cluster --service myapp --desired-count 0";
    expect(advised(out, "myapp is running. To stop it: ")).toBe(stop);
    expect(out).not.toContain("myapp2 is running");
    // AND
    const after = await unstick("--for-removal", "--yes");
    expect(after.out).toContain(stop);
    expect(after.code).toBe(1);
    expect(await registered("myapp")).toEqual([id(1)]);
  });

  it("names what is foreign and services of others, which keep the namespace too", async () => {
    await fourForeign();
    await deployed.discoveryService("billing");
    const { out, code } = await unstick("--for-removal", "--yes");
    expect(code).toBe(1);
    expect(out).toContain("Only the owner can deregister a foreign registration.");
    expect(out).toContain("organization.local also contains billing, which prod doesn't contain");
  });
});

describe("unstick", () => {
  it("deregisters more than a page of them, and can go on then", async () => {
    // GIVEN
    for (let number = 1; number <= 130; number += 1) await deployed.register("myapp", id(number), `10.0.1.${number}`);
    // WHEN
    const { out, code } = await unstick("--yes", "--json");
    // THEN
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ namespace: "organization.local", leftovers: [], otherServices: [] });
    expect(JSON.parse(out).removed).toHaveLength(130);
    expect(await registered("myapp")).toEqual([]);
  });

  it("finds nothing in the way when the namespace has gone", async () => {
    deployed.write((await import("../deployed")).environmentsText({ namespace: { create: "gone.local" } }));
    expect(await unstick()).toMatchObject({
      out: "There is no namespace gone.local: nothing is registered in it.",
      code: 0,
    });
  });

  it("keeps an instance whose task can't be looked up: a missing permission doesn't prove that it is dead", async () => {
    // GIVEN
    await deployed.register("myapp", id(3), "10.0.1.13");
    faulty.add({ operation: "DescribeTasks", error: "AccessDeniedException", message: "not authorized" });
    // WHEN
    const { err, code } = await unstick("--yes");
    // THEN
    expect(code).toBe(2);
    expect(err).toContain("AWS refused: not authorized.");
    expect(await registered("myapp")).toEqual([id(3)]);
  });

  it("takes a task that stops half-way for dead, and an instance that goes by itself for gone", async () => {
    // GIVEN a task that stops between its instance being listed and the look at it
    await deployed.tasks({ service: "myapp", id: id(1), address: "10.0.1.11" });
    const stopped = { status: "STOPPED", record: { stoppedReason: "Scaling activity" } };
    faulty.meanwhile("DescribeTasks", () => deployed.tasks({ service: "myapp", id: id(1), ...stopped }));
    // WHEN, THEN
    const { out } = await unstick();
    expect(out).toContain(`dead          myapp: ${id(1)} 10.0.1.11, its task has stopped: Scaling activity`);
    // AND when ECS deregisters it first
    faulty.meanwhile("DeregisterInstance", () => deployed.deregister("myapp", id(1)));
    const again = await unstick("--yes");
    expect(faulty.count("DeregisterInstance")).toBe(1);
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).not.toContain("deregistered");
  });

  it("waits out a throttling, and gives up one that doesn't end: what is left is still there", async () => {
    // GIVEN
    shortWaits();
    await deployed.register("myapp", id(3), "10.0.1.13");
    await deployed.register("myapp", id(4), "10.0.1.14");
    const fault = { operation: "DeregisterInstance", error: "RequestLimitExceeded", message: "Rate exceeded" };
    faulty.add(fault);
    // WHEN, THEN
    const { err, code } = await unstick("--yes");
    expect(code).toBe(2);
    expect(err).toBe("AWS throttles requests: Rate exceeded. The command tried 6 times. Try again in a minute.");
    expect(await registered("myapp")).toEqual([id(3), id(4)]);
    // AND
    faulty.clear();
    faulty.add({ ...fault, times: 2 });
    expect((await unstick("--yes")).code).toBe(0);
    expect(faulty.count("DeregisterInstance")).toBe(4);
    expect(await registered("myapp")).toEqual([]);
  });

  it("says when Cloud Map takes longer than allowed, and when it fails", async () => {
    // GIVEN an operation that doesn't end
    await deployed.register("myapp", id(3), "10.0.1.13");
    faulty.answer({ operation: "GetOperation", body: { Operation: { Id: "1", Status: "PENDING" } } });
    // WHEN, THEN
    const slow = await unstick("--yes", "--timeout", "1");
    expect(slow.code).toBe(2);
    expect(slow.err).toBe(
      `Cloud Map has not finished the deregistration of ${id(3)} from myapp yet. Run this again to continue waiting.`,
    );
    // AND one that fails
    faulty.clear();
    await deployed.register("myapp", id(3), "10.0.1.13");
    const failed = { Id: "1", Status: "FAIL", ErrorMessage: "The hosted zone is locked." };
    faulty.answer({ operation: "GetOperation", body: { Operation: failed } });
    expect((await unstick("--yes")).err).toBe(
      `Cloud Map failed at the deregistration of ${id(3)} from myapp: The hosted zone is locked.`,
    );
  });
});
