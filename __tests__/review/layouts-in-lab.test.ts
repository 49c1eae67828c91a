import { writeFileSync } from "node:fs";
import path from "node:path";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { saidBy } from "../../src/lab/cluster/erpc";
import type { Lab } from "../../src/lab/lab";
import { type Mesh, meshOf } from "../../src/lab/cluster/mesh";
import type { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { Stage } from "../../src/lab/stage";
import { reviewPlan } from "../../src/review/review";
import { describeScenario } from "../lab/scenarios/scenario-here";
import { type Layout, names } from "./good-layout";
import { changeContainer, layoutOf, mutations, setVariable } from "./layouts";
import { describeWait, waitFor } from "../../src/lab/waiting/wait";
import { scratchFolder } from "../scratch";

const inLab = mutations.filter(({ lab }) => lab);
/** One layout of each kind; all of them take minutes. */
const run = process.env.LAYOUTS === "all" ? inLab : inLab.filter(({ lab }) => lab === "always");
const tasks = 2 * names.length;

/** A node ceases to look for others; what it dials at the moment may still come about. */
const silence = "Supervisor.terminate_child(Myapp.Supervisor, Cluster.Supervisor)";
const leave = "Enum.each(Node.list(), &Node.disconnect/1)";
/**
 * Looks for others again. The first poll leaves new addresses out, the second one comes a second later; a poller answers
 * when it is through with a poll, having dialled each of them, with or without success.
 */
const dial = `
  {:ok, _} = Supervisor.restart_child(Myapp.Supervisor, Cluster.Supervisor)
  Process.sleep(1_200)
  for {_, poller, _, _} <- Supervisor.which_children(Myapp.ClusterSupervisor), do: :sys.get_state(poller, :infinity)`;

describeScenario("packets between real nodes agree with the matrix", () => {
  const folder = scratchFolder("review-lab");
  let stage: Stage;
  let terraform: Terraform;

  beforeAll(async () => {
    stage = await Stage.open();
    const Name = "/organization/release-cookie";
    const Value = "a cookie of the lab";
    await stage.clients.ssm.send(new PutParameterCommand({ Name, Value, Type: "SecureString" }));
    terraform = stage.terraform(folder);
    write(layoutOf(run[0]!));
    await terraform.init();
  });

  afterAll(async () => {
    await stage?.close();
  });

  function write(layout: Layout): void {
    const required = { aws: { source: "hashicorp/aws", version: "5.100.0" } };
    const document = { terraform: { required_providers: required }, provider: { aws: { region: stage.aws.region } } };
    writeFileSync(path.join(folder, "main.tf.json"), JSON.stringify({ ...document, ...layout }));
  }

  it("has a dozen layouts to run, and some of them always", () => {
    expect(inLab.length).toBeGreaterThanOrEqual(12);
    expect(run.length).toBeGreaterThanOrEqual(5);
  });

  it.each(run)("$name", async (mutation) => {
    // GIVEN a layout that Terraform applied, and what the review says of its plan
    const layout = layoutOf(mutation);
    for (const name of names) {
      // Nodes that are connected tell each other of further ones, and those dial as well: here each dials what it polls.
      setVariable(layout, name, "ERL_ZFLAGS", "-connect_all false");
      changeContainer(layout, name, (container) => (container.stopTimeout = 2));
    }
    write(layout);
    await terraform.plan("plan");
    const { matrix } = reviewPlan(JSON.parse(await terraform.show("plan")));
    await terraform.apply("plan");
    const said = matrix.pairs.filter((pair) => pair.state === "connects");

    // WHEN the nodes of one service after the other look for others, while nobody else does
    const use = async ({ lab }: { readonly lab: Lab }) => {
      await lab.steady();
      await until(lab, ({ members }) => members.length === tasks && members.every(({ sees }) => sees));
      const linked: string[] = [];
      for (const from of names) linked.push(...(await linkedByDialling(lab, from)));
      return linked;
    };
    const linked = await stage.lab(use, { settleSeconds: 1 });

    // THEN those links are there which the matrix names, all of them and no other
    expect(linked.sort()).toEqual(said.map(({ from, to }) => `${from.name}→${to.name}`).sort());
    expect(linked).toEqual([...mutation.connects].sort());
  });
});

/** Ordered pairs `from→to` of which every two nodes are linked once those of `from` alone have dialled. */
async function linkedByDialling(lab: Lab, from: string): Promise<string[]> {
  await Promise.all(lab.tasks.map((task) => saidBy(task, silence)));
  const isEmpty = ({ members }: Mesh) => members.length === tasks && members.every(({ sees }) => sees?.length === 0);
  await until(lab, isEmpty, () => Promise.all(lab.tasks.map((task) => saidBy(task, leave))));
  await Promise.all(lab.service(from).tasks.map((task) => saidBy(task, dial)));
  // Those who were dialled learn of it a little later.
  await until(lab, isMutual);
  const { members } = await meshOf(lab);
  return names.flatMap((to) => {
    const pairs = members
      .filter(({ service }) => service === from)
      .flatMap((one) =>
        members.filter((other) => other !== one && other.service === to).map((other) => ({ one, other })),
      );
    const links = pairs.filter(({ one, other }) => one.sees!.includes(other.node!));
    if (links.length > 0 && links.length < pairs.length)
      throw new Error(`${from}→${to}: ${links.length} of ${pairs.length}`);
    return links.length > 0 ? [`${from}→${to}`] : [];
  });
}

const isMutual = ({ members }: Mesh): boolean =>
  members.every((one) =>
    members.every((other) => one.sees?.includes(other.node ?? "") === other.sees?.includes(one.node ?? "")),
  );

/** @param before done before each look */
async function until(
  lab: Lab,
  condition: (mesh: Mesh) => boolean,
  before: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  let members: Mesh["members"] = [];
  const look = async () => {
    await before();
    const mesh = await meshOf(lab);
    members = mesh.members;
    return condition(mesh);
  };
  const waited = await waitFor(look, lab.bounds.mesh, { everyMs: 100 });
  if (!waited.value) throw new Error(`Not ${describeWait(waited)} ${JSON.stringify(members)}`);
}
