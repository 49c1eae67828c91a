import { ContainerImage } from "../../../src/constructs/image/container-image";
import { ExternalPeer } from "../../../src/constructs/network/cluster-member";
import { ErlangCluster, type ErlangClusterProps } from "../../../src/constructs/network/erlang-cluster";
import type { ElixirServiceProps } from "../../../src/constructs/service/elixir-service-props";
import { all, Layout, problemsOf, type Resource, type TerraformJson } from "../layout";

type Image = (layout: Layout, id: string) => ContainerImage;

const uri =
  (uri: string): Image =>
  ({ stack }, id) =>
    ContainerImage.uri(stack, id, uri);
const variable =
  (name: string): Image =>
  ({ stack }, id) =>
    ContainerImage.variable(stack, id, name);
const build =
  (contentDigest: string): Image =>
  ({ stack }, id) =>
    ContainerImage.build(stack, id, { repository: `prod/${id}`, context: "../../../shop", contentDigest });

type Props = Pick<ErlangClusterProps, "versions"> & Pick<ElixirServiceProps, "discovery">;

/** A cluster of shop and jobs, which run these images. */
function clusterOf(shop: Image, jobs: Image, props: Props = { versions: "apart" }) {
  const { versions, discovery = "dns" } = props;
  const layout = new Layout();
  const cluster = new ErlangCluster(layout.stack, "acme", {
    name: "prod-acme-cluster",
    vpcId: layout.network.vpcId,
    ...(versions === undefined ? {} : { versions }),
  });
  cluster.add(layout.service("shop", { image: shop(layout, "image-of-shop"), discovery }));
  cluster.add(layout.service("jobs", { image: jobs(layout, "image-of-jobs"), discovery, releaseName: "shop" }));
  return { layout, cluster };
}

/** The variables of a task definition's container. */
function variablesOf({ container_definitions }: Resource): Record<string, string | undefined> {
  const [{ environment }] = JSON.parse(container_definitions as string) as [
    { environment: { name: string; value: string }[] },
  ];
  return Object.fromEntries(environment.map(({ name, value }) => [name, value]));
}

/** The variables of jobs and shop that name nodes. */
const named = (json: TerraformJson) =>
  all(json, "aws_ecs_task_definition")
    .map(variablesOf)
    .map((variables) => ["RELEASE_NAME", "CLUSTER_VERSION", "CLUSTER_NODES"].map((name) => variables[name]));

describe("a cluster whose versions run apart", () => {
  it.each<[string, Image, string]>([
    ["a tag", uri("acme/shop:1.4.2"), "1_4_2"],
    ["a digest", uri(`acme/shop@sha256:${"3f79bb7b435b".padEnd(64, "0")}`), "3f79bb7b435b"],
    ["a variable", variable("shop_image"), "${local.shop_image_version}"],
  ])("has the version of %s in all names of nodes", (_, image, version) => {
    const { layout } = clusterOf(image, image);
    expect(problemsOf(layout.stack)).toEqual([]);
    const [jobs, shop] = [`shop-${version}@jobs.organization.local`, `shop-${version}@shop.organization.local`];
    expect(named(layout.json)).toEqual([
      ["shop", version, `${jobs},${shop}`],
      ["shop", version, `${shop},${jobs}`],
    ]);
  });

  it("has the tag of a build, which two services may make of one folder", () => {
    const { layout } = clusterOf(build("b5bb9d80"), build("b5bb9d80"));
    expect(problemsOf(layout.stack)).toEqual([]);
    const [tag] = all(layout.json, "docker_image").map(({ name }) => /[0-9a-f]{16}$/.exec(name as string)![0]);
    expect(named(layout.json).map(([, version]) => version)).toEqual([tag, tag]);
  });

  it("needs no basenames in the queries of DNSCluster for services of one release", () => {
    const { layout } = clusterOf(variable("shop_image"), variable("shop_image"), {
      versions: "apart",
      discovery: "dns_cluster",
    });
    expect(
      all(layout.json, "aws_ecs_task_definition").map((definition) => variablesOf(definition).DNS_CLUSTER_QUERY),
    ).toEqual(["jobs.organization.local,shop.organization.local", "shop.organization.local,jobs.organization.local"]);
  });

  it("has no version in its names together, which is the default", () => {
    for (const props of [{ versions: "together" }, {}] as const) {
      const { layout } = clusterOf(uri("acme/shop:1"), uri("acme/jobs:latest"), props);
      expect(problemsOf(layout.stack)).toEqual([]);
      expect(named(layout.json)).toEqual([
        ["shop", undefined, "shop@jobs.organization.local,shop@shop.organization.local"],
        ["shop", undefined, "shop@shop.organization.local,shop@jobs.organization.local"],
      ]);
    }
  });

  it.each<[Image, Image, string]>([
    [uri("acme/shop:1"), uri("acme/jobs:1"), '"shop" runs acme/shop:1, "jobs" runs acme/jobs:1'],
    [uri("acme/shop:1"), variable("image"), '"shop" runs acme/shop:1, "jobs" runs var.image'],
    [variable("shop"), variable("jobs"), '"shop" runs var.shop, "jobs" runs var.jobs'],
    [build("b5bb9d80"), build("b5bb9d81"), '"shop" runs build …, "jobs" runs build …'],
  ])("rejects different images, %#", (shop, jobs, runs) => {
    const [problem, ...others] = problemsOf(clusterOf(shop, jobs).layout.stack);
    expect(others).toEqual([]);
    expect(problem!.replace(/build [0-9a-f]{16}/g, "build …")).toBe(
      `its versions can't run apart with different images: ${runs}. Nodes look for nodes of ` +
        'their own version, so these would never connect. Run one image in all of its services, or set versions to "together"',
    );
  });

  it("rejects an image whose name names no version", () => {
    const { layout } = clusterOf(uri("acme/shop:latest"), uri("acme/shop:latest"));
    expect(problemsOf(layout.stack)).toEqual(
      ["shop", "jobs"].map(
        (name) =>
          `its versions can't run apart: "${name}" runs acme/shop:latest, and that names no version. Use a digest, or a tag other ` +
          'than latest, or set versions to "together"',
      ),
    );
  });

  it("rejects a peer of another project, whose nodes would connect old to new ones", () => {
    const { layout, cluster } = clusterOf(uri("acme/shop:1"), uri("acme/shop:1"));
    const { vpcId } = layout.network;
    const securityGroup = { id: "sg-0abc1234" };
    const props = { name: "billing", node: "billing@billing.their.local", securityGroup, vpcId };
    cluster.add(new ExternalPeer(layout.stack, "billing", props));
    expect(problemsOf(layout.stack)).toEqual([
      'its versions can\'t run apart with the peer "billing" of another project: billing@billing.their.local would connect old ' +
        'nodes to new ones. Remove the peer from the cluster, or set versions to "together"',
    ]);
  });
});
