variable "name" {
  type = string
}

variable "tasks" {
  type = number
}

variable "cluster_id" {
  type = string
}

variable "namespace_id" {
  type = string
}

variable "vpc_id" {
  type = string
}

variable "subnet_ids" {
  type = list(string)
}

variable "cookie_arn" {
  type = string
}

output "security_group_id" {
  value = aws_security_group.node.id
}

resource "aws_security_group" "node" {
  name   = var.name
  vpc_id = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.node.id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_ipv4         = "0.0.0.0/0"
}

resource "aws_service_discovery_service" "node" {
  name          = var.name
  force_destroy = true

  dns_config {
    namespace_id   = var.namespace_id
    routing_policy = "MULTIVALUE"
    dns_records {
      type = "A"
      ttl  = 10
    }
  }

  health_check_custom_config {
    failure_threshold = 1
  }
}

resource "aws_cloudwatch_log_group" "node" {
  name              = "/acme/${var.name}"
  retention_in_days = 14
}

data "aws_iam_policy_document" "ecs" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "execution" {
  statement {
    actions   = ["ssm:GetParameters"]
    resources = [var.cookie_arn]
  }

  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.node.arn}:*"]
  }

  statement {
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    actions   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
    resources = ["arn:aws:ecr:eu-west-1:123456789012:repository/acme"]
  }
}

resource "aws_iam_role" "execution" {
  name               = "acme-${var.name}-execution"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_iam_role_policy" "execution" {
  role   = aws_iam_role.execution.id
  policy = data.aws_iam_policy_document.execution.json
}

resource "aws_iam_role" "task" {
  name               = "acme-${var.name}-task"
  assume_role_policy = data.aws_iam_policy_document.ecs.json
}

resource "aws_ecs_task_definition" "node" {
  family                   = "acme-${var.name}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 512
  memory                   = 1024
  execution_role_arn       = aws_iam_role.execution.arn
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([{
    name      = var.name
    image     = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/acme:2026.11.1"
    essential = true
    environment = [
      { name = "RELEASE_NAME", value = var.name },
      { name = "CLUSTER_NODES", value = "shop@shop.acme.internal,orders@orders.acme.internal,mailer@mailer.acme.internal" },
      { name = "CLUSTER_DISCOVERY", value = "dns" },
      { name = "DISTRIBUTION_PORT_MIN", value = "9100" },
      { name = "DISTRIBUTION_PORT_MAX", value = "9105" },
      { name = "NET_TICKTIME", value = "15" },
      { name = "SHUTDOWN_TIME", value = "35" },
    ]
    stopTimeout = 45
    secrets     = [{ name = "RELEASE_COOKIE", valueFrom = var.cookie_arn }]
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"         = aws_cloudwatch_log_group.node.name
        "awslogs-region"        = "eu-west-1"
        "awslogs-stream-prefix" = var.name
        "mode"                  = "non-blocking"
        "max-buffer-size"       = "25m"
      }
    }
  }])
}

resource "aws_ecs_service" "node" {
  name                               = var.name
  cluster                            = var.cluster_id
  task_definition                    = aws_ecs_task_definition.node.arn
  desired_count                      = var.tasks
  launch_type                        = "FARGATE"
  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  network_configuration {
    subnets         = var.subnet_ids
    security_groups = [aws_security_group.node.id]
  }

  service_registries {
    registry_arn = aws_service_discovery_service.node.arn
  }
}
