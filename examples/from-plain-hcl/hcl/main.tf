# The cluster of this example before, written by hand. Names, ports and rules are its own.

terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  region = "eu-west-1"
}

variable "vpc_id" {
  type    = string
  default = "vpc-0abc1234def567890"
}

variable "subnet_ids" {
  type    = list(string)
  default = ["subnet-0aaa1111bbb22223c", "subnet-0bbb2222ccc33334d"]
}

variable "cookie_arn" {
  type    = string
  default = "arn:aws:ssm:eu-west-1:123456789012:parameter/acme/prod/release-cookie"
}

resource "aws_ecs_cluster" "main" {
  name = "acme"
}

resource "aws_service_discovery_private_dns_namespace" "main" {
  name = "acme.internal"
  vpc  = var.vpc_id
}

module "shop" {
  source       = "./node"
  name         = "shop"
  tasks        = 2
  cluster_id   = aws_ecs_cluster.main.id
  namespace_id = aws_service_discovery_private_dns_namespace.main.id
  vpc_id       = var.vpc_id
  subnet_ids   = var.subnet_ids
  cookie_arn   = var.cookie_arn
}

module "orders" {
  source       = "./node"
  name         = "orders"
  tasks        = 2
  cluster_id   = aws_ecs_cluster.main.id
  namespace_id = aws_service_discovery_private_dns_namespace.main.id
  vpc_id       = var.vpc_id
  subnet_ids   = var.subnet_ids
  cookie_arn   = var.cookie_arn
}

module "mailer" {
  source       = "./node"
  name         = "mailer"
  tasks        = 1
  cluster_id   = aws_ecs_cluster.main.id
  namespace_id = aws_service_discovery_private_dns_namespace.main.id
  vpc_id       = var.vpc_id
  subnet_ids   = var.subnet_ids
  cookie_arn   = var.cookie_arn
}
