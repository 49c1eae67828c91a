import { ReleaseSecret } from "../../../../src/constructs/service/secrets/release-secret";
import { container, emptyStack, jsonOf, Layout, the } from "../../layout";

const message =
  "SSM parameter /my-org/cookie isn't a SecureString, so anyone who may read parameters could read the secret. Create it again with --type SecureString.";

describe("ReleaseSecret", () => {
  it("is read without decryption, and must be a SecureString", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "cookie", { ssmParameter: "/my-org/cookie" });
    expect(the(jsonOf(stack), "aws_ssm_parameter", "data")).toEqual({
      name: "/my-org/cookie",
      with_decryption: false,
      lifecycle: { postcondition: [{ condition: '${self.type == "SecureString"}', error_message: message }] },
    });
  });

  it("is checked by an ephemeral read, which leaves nothing in plan or state, when asked", () => {
    const stack = emptyStack();
    const secret = new ReleaseSecret(stack, "cookie", { ssmParameter: "/my-org/cookie", check: "ephemeral" });
    const json = jsonOf(stack);
    expect(json.data!.aws_ssm_parameter).toBeUndefined();
    expect(the(json, "aws_ssm_parameter", "ephemeral")).toEqual({
      arn: "arn:${data.aws_partition.partition.partition}:ssm:${data.aws_region.region.id}:${data.aws_caller_identity.caller-identity.account_id}:parameter/my-org/cookie",
      with_decryption: true,
    });
    const [[name, output]] = Object.entries(json.output as object) as [[string, object]];
    expect(output).toEqual({
      value: "${null}",
      precondition: [
        { condition: `\${ephemeral.aws_ssm_parameter.${name}.type == "SecureString"}`, error_message: message },
      ],
    });
    expect(secret.arn).toContain(":parameter/my-org/cookie");
  });

  it.each(["/1/cookie", "1cookie", "co.ok-ie"])("gives %s a name that Terraform takes", (ssmParameter) => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "cookie", { ssmParameter, check: "ephemeral" });
    const [name] = Object.keys(jsonOf(stack).ephemeral!.aws_ssm_parameter!);
    expect(name).toMatch(/^[a-z_][\w-]*$/i);
  });

  it("is not read at all with the check none", () => {
    const stack = emptyStack();
    new ReleaseSecret(stack, "cookie", { ssmParameter: "cookie", check: "none" });
    expect(JSON.stringify(jsonOf(stack))).not.toContain("aws_ssm_parameter");
  });

  it("reaches the container by valueFrom alone", () => {
    const layout = new Layout();
    const keyBase = new ReleaseSecret(layout.stack, "key-base", { ssmParameter: "/my-org/key-base" });
    layout.service("myapp", { secrets: { SECRET_KEY_BASE: keyBase } });
    const { secrets, environment } = container(layout.json);
    const valueFrom = expect.stringMatching(/^\$\{data\.aws_ssm_parameter\.[\w-]+\.arn\}$/) as string;
    expect(secrets).toEqual([
      { name: "RELEASE_COOKIE", valueFrom },
      { name: "SECRET_KEY_BASE", valueFrom },
    ]);
    expect(JSON.stringify(environment)).not.toMatch(/COOKIE|KEY_BASE/);
  });
});
