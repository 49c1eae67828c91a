import { readFileSync } from "node:fs";
import { DeregisterTaskDefinitionCommand, DescribeTaskDefinitionCommand } from "@aws-sdk/client-ecs";
import { rollbackCommand } from "../../../src/cli/operations/rollback";
import { runCommand } from "../command";
import { deployBefore } from "../deploy-before";
import { Deployed, environmentsText } from "../deployed";
import { FaultyAws } from "../faulty-aws";
import { ago, current, deployment, revisions, rolledBack, serviceRevisions } from "../rolled-back";

/** The pauses between two looks take no time here. */
jest.mock("node:timers/promises", () => ({
  ...jest.requireActual<object>("node:timers/promises"),
  setTimeout: () => new Promise((resolve) => setImmediate(resolve)),
}));

let deployed: Deployed;
let faulty: FaultyAws;

deployBefore((own) => ({ deployed, faulty } = own));

const rollback = (...args: string[]) =>
  runCommand(rollbackCommand(), "prod", "myapp", ...args, "--environments", deployed.file);

const history = [
  deployment(3, "SUCCESSFUL"),
  deployment(2, "ROLLBACK_SUCCESSFUL", rolledBack),
  deployment(1, "SUCCESSFUL"),
];

/** Revision 3 runs, 2 was rolled back, 1 ran before. @returns ARNs of the revisions */
async function deployedThree(further: object = {}): Promise<readonly string[]> {
  const all = await revisions(deployed, "registry.example/myapp:2", "registry.example/myapp:3");
  await deployed.counts("myapp", {
    ...{ taskDefinition: all[2], deployments: [current("PRIMARY", "COMPLETED", all[2]!)], events: [] },
    ...{ serviceDeployments: history, serviceRevisions: serviceRevisions(all), ...further },
  });
  return all;
}

/** After UpdateService, ECS deploys: first it is in progress, then it ends like this. */
function ends(...statuses: string[]): void {
  const next = async () => {
    const message = `(service myapp) ${statuses[0]}`;
    const events = [{ id: message, message, createdAt: ago(0) }];
    const serviceDeployments = [deployment(4, statuses[0]!), ...history];
    await deployed.counts("myapp", { serviceDeployments, events });
    statuses.shift();
    if (statuses.length > 0) faulty.meanwhile("ListServiceDeployments", next);
  };
  faulty.meanwhile("UpdateService", () => Promise.resolve(faulty.meanwhile("ListServiceDeployments", next)));
}

const asked = (operation: string) => faulty.requests.filter((one) => one.operation.endsWith(operation));

describe("rollback", () => {
  it("shows the revisions that ran, deploys the chosen one, and follows it to its end", async () => {
    const all = await deployedThree();
    ends("IN_PROGRESS", "SUCCESSFUL");
    const { out, err, code } = await rollback("--to", "1", "--yes");
    expect([err, code]).toEqual(["", 0]);
    expect(asked("UpdateService").map(({ body }) => body)).toEqual([
      { cluster: "my-cluster", service: "myapp", taskDefinition: all[0] },
    ]);
    const lines = out.split("\n").map((line) => line.replace(/\d{4}-[\d-]+T[\d:.]+Z/, "TIME"));
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}revision +deployed +image$/),
      expect.stringMatching(/^ {2}prod-myapp:3 {2}runs now +TIME {2}myapp:3$/),
      expect.stringMatching(/^ {2}prod-myapp:2 {2}didn't succeed {2}TIME {2}myapp:2$/),
      expect.stringMatching(/^ {2}prod-myapp:1 {2}ran +TIME {2}myapp:1$/),
      "Deploying prod-myapp:1. Ctrl-C stops watching, and the deployment continues.",
      "TIME (service myapp) IN_PROGRESS",
      "TIME (service myapp) SUCCESSFUL",
      "prod-myapp:1 runs.",
      expect.stringMatching(
        /^Terraform doesn't know about this rollback: the next apply deploys prod-myapp:3 again \(.*cdktf diff prod/,
      ),
      expect.stringMatching(/^To keep it, set the image of myapp in .* to \{ "uri": "registry.example\/myapp:1" \}/),
    ]);
  });

  it("registers a deregistered revision again, the same but for its number", async () => {
    const all = await deployedThree();
    const { ecs } = deployed.clients;
    await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: all[0]! }));
    ends("SUCCESSFUL");
    const { out, code } = await rollback("--to", "prod-myapp:1", "--yes");
    expect(code).toBe(0);
    expect(out).toMatch(/prod-myapp:1 .* deregistered$/m);
    expect(out).toContain("prod-myapp:4 runs.");
    expect(asked("UpdateService")[0]!.body).toMatchObject({ taskDefinition: all[0]!.replace(/1$/, "4") });
    const described = async (taskDefinition: string) =>
      (await ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition }))).taskDefinition!;
    const [first, copy] = [await described("prod-myapp:1"), await described("prod-myapp:4")];
    const own = { taskDefinitionArn: 0, revision: 0, status: 0, registeredAt: 0, deregisteredAt: 0 };
    expect({ ...copy, ...own }).toEqual({ ...first, ...own });
    expect(Object.keys(asked("RegisterTaskDefinition")[0]!.body)).not.toEqual(
      expect.arrayContaining(["taskDefinitionArn"]),
    );
  });

  it.each([["ROLLBACK_SUCCESSFUL"], ["ROLLBACK_FAILED"], ["STOPPED"]])(
    "ends with 1 when its deployment ends as %s",
    async (status) => {
      await deployedThree();
      ends("IN_PROGRESS", "ROLLBACK_IN_PROGRESS", status);
      expect(await rollback("--to", "1", "--yes")).toMatchObject({
        err: "The deployment of prod-myapp:1 failed.",
        code: 1,
      });
    },
  );

  it("leaves the deployment at Ctrl-C, and says so", async () => {
    await deployedThree();
    ends("IN_PROGRESS");
    const interrupt = () => {
      process.emit("SIGINT");
      return Promise.resolve();
    };
    faulty.meanwhile("UpdateService", () => Promise.resolve(faulty.meanwhile("ListServiceDeployments", interrupt)));
    const { out, code } = await rollback("--to", "1", "--yes");
    expect(code).toBe(130);
    expect(out).toContain("The deployment of prod-myapp:1 continues.");
  });

  it.each([
    ["3", "prod-myapp:3 runs already. Choose one of: prod-myapp:1."],
    ["2", "prod-myapp:2 never ran, because its deployment failed. Choose one of: prod-myapp:1."],
    ["7", '"7" is not a revision that ran in the last 90 days. Choose one of: prod-myapp:1.'],
  ])("refuses --to %s, and deploys nothing", async (to, sentence) => {
    await deployedThree();
    expect(await rollback("--to", to, "--yes")).toMatchObject({ err: sentence, code: 2 });
    expect(asked("UpdateService")).toEqual([]);
  });

  it("refuses while another deployment is in progress, and says how to stop that", async () => {
    const all = await deployedThree();
    await deployed.counts("myapp", {
      deployments: [current("PRIMARY", "IN_PROGRESS", all[2]!)],
      serviceDeployments: [deployment(4, "IN_PROGRESS"), ...history],
    });
    const { err, code } = await rollback("--to", "1", "--yes");
    expect(code).toBe(2);
    expect(err).toMatch(/^myapp is being deployed: prod-myapp:3\. Wait until that has ended: npm run status -- prod/);
    expect(err).toMatch(
      /aws ecs stop-service-deployment .*service-deployment\/my-cluster\/myapp\/4 --stop-type ROLLBACK$/,
    );
    expect(asked("UpdateService")).toEqual([]);
  });

  it("needs --to where it can't ask, and another revision to go back to", async () => {
    await deployedThree();
    expect((await rollback("--yes")).err).toBe("--yes needs the revision to deploy, such as --to 1.");
    expect((await rollback()).err).toBe("There is no terminal to ask on. Name the revision: --to 1 --yes");
    expect((await rollback("--to", "1")).err).toContain("there is no terminal to ask on. Add --yes");
    await deployed.counts("myapp", { serviceDeployments: [deployment(3, "SUCCESSFUL")] });
    expect((await rollback()).err).toBe("No other revision ran in the last 90 days, so there is none to roll back to.");
    await deployed.reset(environmentsText());
    expect(await rollback()).toMatchObject({
      err: expect.stringContaining("There is no ECS cluster my-cluster"),
      code: 2,
    });
  });

  it("says how to keep an image that a variable names, and which other services of the cluster need it", async () => {
    await deployedThree();
    const environments = JSON.parse(readFileSync(deployed.file, "utf8"));
    environments.prod.versions = "apart";
    for (const service of Object.values<{ image: object }>(environments.prod.services))
      service.image = { variable: "image" };
    deployed.write(JSON.stringify(environments));
    ends("SUCCESSFUL");
    const { out } = await rollback("--to", "1", "--yes");
    expect(out).toContain("To keep it, set TF_VAR_image=registry.example/myapp:1 in your pipeline before it applies.");
    expect(out).toContain("The cluster web has versions apart: myapp doesn't connect to myapp2 until");
  });
});
