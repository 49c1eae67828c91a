import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import { EcrRepository } from "@cdktf/provider-aws/lib/ecr-repository";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role";
import { Aspects } from "cdktf";
import { EncryptionRules } from "../../../src/constructs/organization/encryption-rules";
import { RoleRules } from "../../../src/constructs/organization/role-rules";
import { all, emptyStack, jsonOf, the } from "../layout";

const boundary = "arn:aws:iam::123456789012:policy/boundary";
const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}`;

describe("RoleRules", () => {
  it("give every role a boundary and a path, and keep what a role sets itself", () => {
    const stack = emptyStack();
    Aspects.of(stack).add(new RoleRules({ permissionsBoundary: boundary, path: "/apps/" }));
    new IamRole(stack, "late", { name: "late", assumeRolePolicy: "{}" });
    new IamRole(stack, "own", { name: "own", assumeRolePolicy: "{}", path: "/own/", permissionsBoundary: "arn:own" });
    expect(all(jsonOf(stack), "aws_iam_role")).toEqual([
      expect.objectContaining({ name: "late", path: "/apps/", permissions_boundary: boundary }),
      expect.objectContaining({ name: "own", path: "/own/", permissions_boundary: "arn:own" }),
    ]);
  });

  it("add nothing that they aren't asked for", () => {
    const stack = emptyStack();
    Aspects.of(stack).add(new RoleRules({}));
    new IamRole(stack, "role", { name: "role", assumeRolePolicy: "{}" });
    expect(the(jsonOf(stack), "aws_iam_role")).toEqual({ name: "role", assume_role_policy: "{}" });
  });
});

describe("EncryptionRules", () => {
  it("encrypt log groups that name no key, and repositories", () => {
    const stack = emptyStack();
    Aspects.of(stack).add(new EncryptionRules({ logs: key("1"), images: key("2") }));
    new CloudwatchLogGroup(stack, "logs", { name: "logs" });
    new CloudwatchLogGroup(stack, "own", { name: "own", kmsKeyId: key("3") });
    new EcrRepository(stack, "images", { name: "images", encryptionConfiguration: [{ encryptionType: "AES256" }] });
    const json = jsonOf(stack);
    expect(all(json, "aws_cloudwatch_log_group").map(({ kms_key_id }) => kms_key_id)).toEqual([key("1"), key("3")]);
    expect(the(json, "aws_ecr_repository").encryption_configuration).toEqual([
      { encryption_type: "KMS", kms_key: key("2") },
    ]);
  });
});
