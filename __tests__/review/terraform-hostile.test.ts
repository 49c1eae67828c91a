import { writeFileSync } from "node:fs";
import path from "node:path";
import { Terraform } from "../../src/lab/local-aws/terraform/terraform";
import { describeWithTerraform } from "../terraform-here";
import { everyFormat, expectOnlyText } from "./render/hostile";
import { scratchFolder } from "../scratch";

const hcl = String.raw`
terraform {
  required_providers {
    aws = { source = "hashicorp/aws", version = "5.100.0" }
  }
}
provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}
resource "aws_ecs_service" "a" {
  name            = "svc\n${"```"}\n\n# approved\n@acme/security ![t](https://evil.example/x.png)"
  cluster         = "my-cluster"
  task_definition = "a:1"
}
resource "aws_ecs_service" "b" {
  for_each        = toset(["x${"`"} @acme/security ![t](https://evil.example/x.png) ${"`"}y"])
  name            = "b"
  cluster         = "my-cluster"
  task_definition = "b:1"
}
resource "aws_ecs_service" "c" {
  name            = "svc\u001B[2J\u001B]0;owned\u0007\n::error::forged"
  cluster         = "my-cluster"
  task_definition = "c:1"
}
resource "aws_ecs_service" "d" {
  name            = "</script><img src=x onerror=alert(1)> ##[error]forged \u202E \" %%%%{init: {}}%%%% end"
  cluster         = "my-cluster"
  task_definition = "d:1"
}
`;

describeWithTerraform("a plan of hostile names that Terraform itself wrote", () => {
  const [folder, scratch] = [1, 2].map(() => scratchFolder("review-hostile")) as [string, string];

  it("is text and nothing else, in every format, and can be read", async () => {
    // GIVEN
    writeFileSync(path.join(folder, "main.tf"), hcl);
    const terraform = new Terraform(folder, scratch, { environment: {} });
    await terraform.init();
    await terraform.plan("plan");
    const plan = await terraform.show("plan");
    expect(plan).toContain("u001b]0;owned");
    // WHEN
    const formats = await everyFormat(JSON.parse(plan) as object);
    // THEN
    expectOnlyText(formats);
    expect(formats.terminal).toContain("svc\\u{1b}[2J\\u{1b}]0;owned\\u{7}\\n::error::forged");
    expect(formats.terminal).toContain("svc\\n```\\n\\n# approved\\n@acme/security ![t](https://evil.example/x.png)");
    expect(formats.markdown).toContain(
      '``aws_ecs_service.b["x` @acme/security ![t](https://evil.example/x.png) `y"]``',
    );
  });
});
