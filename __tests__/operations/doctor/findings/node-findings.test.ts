import type { NodeView } from "../../../../src/operations/doctor/ask-nodes";
import { nodeFindings } from "../../../../src/operations/doctor/findings/node-findings";
import { environment } from "./environment";

describe("nodes of a cluster whose versions are apart", () => {
  const view = (service: string, node: string, ...sees: string[]) =>
    ({ service, taskId: node, address: node.split("@")[1], port: 4000, node, sees }) as NodeView;
  const [old, older] = ["shop-1@10.0.1.1", "jobs-1@10.0.1.2"];
  const [now, newer] = ["shop-2@10.0.1.3", "jobs-2@10.0.1.4"];
  const views = [
    view("shop", old, older),
    view("jobs", older, old),
    view("shop", now, newer),
    view("jobs", newer, now),
  ];
  const texts = (versions: unknown, views: readonly NodeView[]) =>
    nodeFindings(environment(versions), views).map(({ about, text }) => `${about}: ${text}`);

  it("form a cluster of each version", () => {
    expect(texts("apart", views)).toEqual([]);
    expect(texts("together", views)).toEqual([
      `shop, jobs: the cluster has 2 partitions: { ${old}, ${older} } | { ${now}, ${newer} }`,
    ]);
  });

  it("should see the others of their version", () => {
    const alone = [...views.slice(0, 3), view("jobs", newer)];
    expect(texts("apart", [...alone.slice(0, 2), view("shop", now), alone[3]!])).toEqual([
      `shop, jobs: the cluster has 2 partitions: { ${now} } | { ${newer} }`,
    ]);
    expect(texts("apart", alone)).toEqual([`jobs: ${newer} doesn't see ${now}`]);
  });

  it("have a version in their names", () => {
    expect(nodeFindings(environment("apart"), [view("mail", "mail@10.0.1.5")])).toEqual([
      {
        severity: "error",
        about: "mail",
        text: "mail@10.0.1.5 has no version in its name, although versions are apart",
        advice: "its task started before that was applied, or its rel/env.sh.eex doesn't read CLUSTER_VERSION",
      },
    ]);
    expect(texts("together", [view("mail", "mail@10.0.1.5")])).toEqual([]);
  });
});
