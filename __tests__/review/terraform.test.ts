import { writeFileSync } from "node:fs";
import path from "node:path";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { reviewPlan } from "../../src/review/review";
import { layoutOf, mutations } from "./layouts";
import { scratchFolder } from "../scratch";
import { describeWithTerraform } from "../terraform-here";

/** One of each kind of rule, group and reference: the others differ from these in values alone. */
const planned = [
  "nothing changed",
  "egress rule shop_to_stock_range removed",
  "two CIDRs, one for each subnet",
  "aws_security_group_rule: self only",
  "inline rules: by group and self",
  "prefix list with entries of their own",
  "one shared group for shop and stock",
  "stock registers in another namespace",
].map((name) => mutations.find((mutation) => mutation.name === name)!);

describeWithTerraform("a plan that Terraform made says the same as the configuration", () => {
  const folder = scratchFolder("review-terraform");
  const scratch = scratchFolder("review-terraform");
  const terraform = new Terraform(folder, scratch, { environment: {} });
  const provider = {
    region: "eu-west-1",
    access_key: "none",
    secret_key: "none",
    skip_credentials_validation: true,
    skip_requesting_account_id: true,
    skip_metadata_api_check: true,
  };
  const write = (layout: object) =>
    writeFileSync(
      path.join(folder, "main.tf.json"),
      JSON.stringify({
        terraform: { required_providers: { aws: { source: "hashicorp/aws", version: "5.100.0" } } },
        provider: { aws: provider },
        ...layout,
      }),
    );

  beforeAll(async () => {
    write(layoutOf(planned[0]!));
    await terraform.init();
  });

  it.each(planned)("$name", async (mutation) => {
    // GIVEN a layout, planned before anything of it exists
    write(layoutOf(mutation));
    await terraform.plan("plan");
    // WHEN its plan is reviewed, in which every id is unknown
    const { matrix } = reviewPlan(JSON.parse(await terraform.show("plan")));
    // THEN it connects what the layout connects, and nothing is left unknown
    const pairs = (state: string) =>
      matrix.pairs.filter((pair) => pair.state === state).map(({ from, to }) => `${from.name}→${to.name}`);
    expect(pairs("connects").sort()).toEqual([...mutation.connects].sort());
    expect(pairs("unknown")).toEqual([]);
  });
});
