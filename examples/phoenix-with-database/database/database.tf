# PostgreSQL for the shop, in a state of its own: nothing that happens to the services touches it.
terraform {
  required_version = ">= 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }

  backend "s3" {
    bucket       = "acme-terraform-state"
    key          = "shop/database.tfstate"
    region       = "eu-west-1"
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-west-1"
}

data "aws_vpc" "prod" {
  tags = { Name = "prod" }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.prod.id]
  }

  filter {
    name   = "map-public-ip-on-launch"
    values = ["false"]
  }
}

# No ingress blocks: connectsTo adds the services' rules to this group, and blocks here would remove them.
resource "aws_security_group" "database" {
  name        = "shop-database"
  description = "PostgreSQL of the shop"
  vpc_id      = data.aws_vpc.prod.id
}

resource "aws_db_subnet_group" "shop" {
  name       = "shop-prod"
  subnet_ids = data.aws_subnets.private.ids
}

resource "aws_db_instance" "shop" {
  identifier     = "shop-prod"
  engine         = "postgres"
  engine_version = "17"
  instance_class = "db.t4g.medium"

  allocated_storage = 50
  storage_type      = "gp3"
  storage_encrypted = true
  multi_az          = true

  db_name  = "shop"
  username = "shop"
  # RDS creates the password in Secrets Manager: it is in no plan and no state.
  manage_master_user_password = true

  db_subnet_group_name   = aws_db_subnet_group.shop.name
  vpc_security_group_ids = [aws_security_group.database.id]

  backup_retention_period   = 7
  copy_tags_to_snapshot     = true
  deletion_protection       = true
  final_snapshot_identifier = "shop-prod-final"
}

output "address" {
  description = "environments.json: environment.DATABASE_HOST"
  value       = aws_db_instance.shop.address
}

output "password_secret_arn" {
  description = "environments.json: secrets.DATABASE_PASSWORD.secretsManager"
  value       = aws_db_instance.shop.master_user_secret[0].secret_arn
}

output "security_group_name" {
  description = "environments.json: connectsTo.database.securityGroup.name"
  value       = aws_security_group.database.name
}
