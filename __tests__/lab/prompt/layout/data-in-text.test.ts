import { writeFileSync } from "node:fs";
import path from "node:path";
import { pickedData, secretKeys } from "../../../../src/lab/prompt/layout/data-in-text";
import { scratchFolder } from "../../../scratch";

const folderWith = (text: string) => {
  const folder = scratchFolder("data-in-text");
  writeFileSync(path.join(folder, "main.tf"), text);
  return folder;
};

it("finds data sources that the provider picks from a list, with the expressions of their names", () => {
  const folder = folderWith(`
data "aws_ecs_cluster" "core" {
  cluster_name = local.name
}
data "aws_service_discovery_dns_namespace" "this" {
  name = "default.\${data.aws_ecs_cluster.core.cluster_name}.local" # of the core
  type = "DNS_PRIVATE"
}
data aws_route53_zone public {
  private_zone = false
  name         = "\${var.domain}."
}
data "aws_acm_certificate" "main" {
  tags   = { Name = "\${var.name}" }
  domain = "*.example.com" // all
  statuses = ["ISSUED"]
}
data "aws_route53_zone" "by_id" { zone_id = "Z1" }
resource "aws_route53_zone" "own" { name = "own.example.com" }
`);
  expect(pickedData(folder)).toEqual([
    { type: "aws_service_discovery_dns_namespace", expression: '"default.${(local.name)}.local"' },
    { type: "aws_route53_zone", expression: '"${var.domain}."' },
    { type: "aws_acm_certificate", expression: '"*.example.com"' },
  ]);
});

it("finds the keys of secrets that are read as JSON", () => {
  const folder = folderWith(`
locals {
  db  = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string)["user-name"]
  db2 = jsondecode(data.aws_secretsmanager_secret_version.db.secret_string).password
  all = data.aws_secretsmanager_secret_version.db.secret_string
}`);
  expect(secretKeys(folder)).toEqual(["user-name", "password"]);
});
