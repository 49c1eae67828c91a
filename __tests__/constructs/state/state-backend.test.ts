import { configureBackend, type StateLocation } from "../../../src/constructs/state/state-backend";
import { emptyStack, jsonOf } from "../layout";

function terraformBlock(state: StateLocation) {
  const stack = emptyStack();
  configureBackend(stack, state, "eu-west-1");
  return jsonOf(stack).terraform as Record<string, unknown>;
}

describe("configureBackend", () => {
  it("S3: encrypted, locked by a file next to it, in the environment's region", () => {
    expect(terraformBlock({ s3: { bucket: "acme-state", key: "prod.tfstate" } }).backend).toEqual({
      s3: { bucket: "acme-state", key: "prod.tfstate", region: "eu-west-1", encrypt: true, use_lockfile: true },
    });
  });

  it("S3: with a table, a key and a role", () => {
    const s3 = {
      bucket: "acme-state",
      key: "prod.tfstate",
      region: "eu-central-1",
      kmsKeyId: "alias/state",
      dynamodbTable: "locks",
      roleArn: "arn:aws:iam::123456789012:role/terraform",
    };
    expect(terraformBlock({ s3 }).backend).toEqual({
      s3: {
        bucket: "acme-state",
        key: "prod.tfstate",
        region: "eu-central-1",
        encrypt: true,
        use_lockfile: true,
        kms_key_id: "alias/state",
        dynamodb_table: "locks",
        assume_role: { role_arn: "arn:aws:iam::123456789012:role/terraform" },
      },
    });
  });

  it("Terraform Cloud: a workspace by name", () => {
    const cloud = { organization: "acme", workspaces: { name: "prod" }, execution: "remote" as const };
    expect(terraformBlock({ cloud }).cloud).toEqual({ organization: "acme", workspaces: { name: "prod" } });
  });

  it("Terraform Enterprise: workspaces by tags, at its own host name", () => {
    const workspaces = { tags: ["elixir", "prod"] };
    const cloud = { organization: "acme", hostname: "tfe.acme.example", workspaces, execution: "local" as const };
    expect(terraformBlock({ cloud }).cloud).toEqual({ organization: "acme", hostname: "tfe.acme.example", workspaces });
  });

  it("local: next to cdktf.json, by a path that is the same on every machine", () => {
    expect(terraformBlock({ local: {} }).backend).toEqual({ local: { path: "../../../terraform.stack.tfstate" } });
  });
});
