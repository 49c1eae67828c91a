# Each service connects to each service: 9 pairs, and for each pair 2 rules in and 2 rules out.

resource "aws_vpc_security_group_ingress_rule" "shop_from_itself_epmd" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "shop_to_itself_epmd" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "shop_from_itself_distribution" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "shop_to_itself_distribution" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "shop_from_orders_epmd" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "shop_to_orders_epmd" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "shop_from_orders_distribution" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "shop_to_orders_distribution" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "shop_from_mailer_epmd" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "shop_to_mailer_epmd" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "shop_from_mailer_distribution" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "shop_to_mailer_distribution" {
  security_group_id            = module.shop.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "orders_from_shop_epmd" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "orders_to_shop_epmd" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "orders_from_shop_distribution" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "orders_to_shop_distribution" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "orders_from_itself_epmd" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "orders_to_itself_epmd" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "orders_from_itself_distribution" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "orders_to_itself_distribution" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "orders_from_mailer_epmd" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "orders_to_mailer_epmd" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "orders_from_mailer_distribution" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "orders_to_mailer_distribution" {
  security_group_id            = module.orders.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "mailer_from_shop_epmd" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "mailer_to_shop_epmd" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "mailer_from_shop_distribution" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "mailer_to_shop_distribution" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.shop.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "mailer_from_orders_epmd" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "mailer_to_orders_epmd" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "mailer_from_orders_distribution" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "mailer_to_orders_distribution" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.orders.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_ingress_rule" "mailer_from_itself_epmd" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_egress_rule" "mailer_to_itself_epmd" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 4369
  to_port                      = 4369
}

resource "aws_vpc_security_group_ingress_rule" "mailer_from_itself_distribution" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}

resource "aws_vpc_security_group_egress_rule" "mailer_to_itself_distribution" {
  security_group_id            = module.mailer.security_group_id
  referenced_security_group_id = module.mailer.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 9100
  to_port                      = 9105
}
