import { certificates } from "../../../../src/environment/checks/service/secrets";

const environment = { region: "eu-west-1" };
const distribution = (ssmParameter: string, check?: "data" | "none") => ({
  distribution: { tls: { certificates: { ssmParameter, ...(check && { check }) } } },
});
const found = (...secret: Parameters<typeof distribution>) =>
  certificates(["prod"], distribution(...secret), environment);

it("certificates of another Region can't be checked", () => {
  const theirs = "arn:aws:ssm:us-east-1:123456789012:parameter/nodes";
  expect(found(theirs, "data")).toEqual([
    {
      path: ["prod", "distribution", "tls", "certificates", "check"],
      allowed: '"none": the secret is in us-east-1, and Terraform looks secrets up in eu-west-1',
    },
  ]);
  expect([...found(theirs), ...found(theirs, "none"), ...found(theirs.replace("us-east", "eu-west"), "data")]).toEqual(
    [],
  );
  expect([...found("/nodes", "data"), ...certificates(["prod"], {}, environment)]).toEqual([]);
});
