import path from "node:path";
import { awaitMesh } from "../../src/lab/cluster/mesh";
import { rpc } from "../../src/lab/cluster/release-rpc";
import { withStage } from "../../src/lab/stage";
import { pageOf } from "../../src/lab/cluster/task-page";
import { withAws } from "../../src/aws/sdk/clients";
import { readEnvironment } from "../../src/operations/deployed-environment";
import { type Diagnosis, diagnose, type Transport } from "../../src/operations/doctor";
import { nodesExpression, printedNodes } from "../../src/operations/doctor/ask-by-rpc";
import { describeScenario } from "../lab/scenarios/scenario-here";

const texts = ({ findings }: Diagnosis, severity: string) =>
  findings.filter((finding) => finding.severity === severity).map(({ about, text }) => `${about}: ${text}`);

const environment = {
  region: "eu-west-1",
  state: { s3: { bucket: "lab-terraform-state", key: "elixir-cluster/lab.tfstate" } },
  vpc: { tags: { Name: "lab" } },
  ecsCluster: { name: "my-cluster" },
  namespace: { create: "organization.local" },
  releaseCookie: { ssmParameter: "/my-org/lab/release-cookie" },
  services: {
    myapp: { cluster: "web", image: { uri: "registry.example/myapp:1" }, tasks: 2 },
    myapp2: { image: { uri: "registry.example/myapp:1" }, cluster: "web", tasks: 1 },
  },
};

describeScenario("doctor in the lab", () => {
  it("finds nothing in what Terraform applied while real nodes cluster, and the lost task when one is killed", async () => {
    await withStage({}, async (stage) => {
      Object.assign(process.env, stage.aws.environment);
      delete process.env.AWS_PROFILE;
      // GIVEN
      await stage.apply(environment);
      const deployed = readEnvironment(path.join(stage.scratch, "environments.json"), "lab");
      await stage.lab(async ({ lab }) => {
        await lab.steady();
        await awaitMesh(lab);
        const ask: Transport = async ({ taskId }) => (await fetch(`${await pageOf(lab.task(taskId))}/cluster`)).text();
        const look = () => withAws("eu-west-1", (aws) => diagnose(aws, deployed, ask));
        // WHEN
        const well = await look();
        // THEN
        expect(well.findings).toEqual([]);
        expect(well.nodes!.map(({ service, sees }) => [service, sees!.length])).toEqual([
          ["myapp", 2],
          ["myapp", 2],
          ["myapp2", 2],
        ]);
        // AND by rpc each says the same
        const [first] = well.nodes!;
        const { stdout } = await rpc(lab.task(first!.taskId).container, nodesExpression);
        const [own, ...others] = printedNodes(stdout);
        expect([own, others.sort()]).toEqual([first!.node, [...first!.sees!].sort()]);
        // WHEN
        const lost = lab.tasks.find(({ order }) => order.serviceName === "myapp2")!;
        const { address } = lost.networkInterface!;
        await lab.kill(lost.id, 30);
        await lost.stopped;
        await lab.sync();
        // THEN
        expect(texts(await look(), "error")).toContainEqual(
          `myapp2: ${lost.id} (${address}) is registered, but no such task runs: DNS returns a dead address`,
        );
        // AND what it wrote last is in the log, once another runs in its place
        await lab.steady();
        const stopped = (await look()).findings.find(({ text }) => text.startsWith("1 task stopped"));
        expect(stopped).toMatchObject({ about: "myapp2", severity: "note" });
        expect(stopped!.details![0]).toBe(`last lines of myapp2 in ${lost.id}:`);
        expect(stopped!.details!.join("\n")).toContain("node up");
      });
    });
  });
});
