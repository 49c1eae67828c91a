import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { unreadData } from "../../../../src/lab/prompt/layout/unread-data";
import { scratchFolder } from "../../../scratch";

it("names what .tf files look up, which docs/lab.md says isn't made", () => {
  const folder = scratchFolder("unread-data");
  writeFileSync(
    path.join(folder, "main.tf"),
    `data "aws_vpc" "main" { tags = { Name = "prod" } }
  data "aws_ecs_cluster" "its-cluster" { cluster_name = "my-cluster" }
data "aws_iam_policy_document" "computed" {}
data "aws_region" "here" {}
# data "aws_subnets" "no" {}
`,
  );
  writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify({ data: { aws_vpc: { read: { id: "vpc-1" } } } }));
  expect(unreadData(folder)).toEqual(["main.tf: data.aws_vpc.main", "main.tf: data.aws_ecs_cluster.its-cluster"]);
  rmSync(folder, { recursive: true });
});
