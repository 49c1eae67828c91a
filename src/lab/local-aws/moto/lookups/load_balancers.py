"""Application load balancers and target groups."""

from moto.acm import acm_backends
from moto.elbv2.models import ELBv2Backend

from .subnets import subnets_of
from .switch import creates, is_on, note
from .vpc import vpc_for


def look_up_load_balancers():
    original = ELBv2Backend.describe_load_balancers

    def describe_load_balancers(self, arns, names):
        if is_on():
            for name in names or []:
                if not any(balancer.name == name for balancer in self.load_balancers.values()):
                    make_load_balancer(self, name)
        return original(self, arns, names)

    ELBv2Backend.describe_load_balancers = describe_load_balancers


@creates
def make_load_balancer(elb, name):
    """Open to the world at 80 and 443, each answering 404 until a rule of the layout's matches."""
    ec2 = elb.ec2_backend
    vpc = vpc_for(ec2)
    subnets = subnets_of(ec2, vpc)
    group = ec2.create_security_group(f"looked-up-{name}", "looked up", vpc_id=vpc.id)
    for port in (80, 443):
        ec2.authorize_security_group_ingress(group.id, "tcp", port, port, [{"CidrIp": "0.0.0.0/0"}])
    balancer = elb.create_load_balancer(name, [group.id], [subnet.id for subnet in subnets[:2]], loadbalancer_type="application")
    certificate = acm_backends[elb.account_id][elb.region_name].request_certificate(f"{name}.example.com", "", [], [])
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404", "ContentType": "text/plain"}}
    http = elb.create_listener(balancer.arn, "HTTP", "80", None, None, [dict(fixed)])
    elb.create_listener(balancer.arn, "HTTPS", "443", None, certificate, [dict(fixed)])
    note(f"load balancer {name}")
    return http


def look_up_target_groups():
    original = ELBv2Backend.describe_target_groups

    def describe_target_groups(self, load_balancer_arn, target_group_arns, names):
        if is_on():
            for name in names or []:
                if not any(group.name == name for group in self.target_groups.values()):
                    make_target_group(self, name)
        return original(self, load_balancer_arn, target_group_arns, names)

    ELBv2Backend.describe_target_groups = describe_target_groups


@creates
def make_target_group(elb, name):
    """With targets by address, behind a load balancer of its own that forwards to it at port 80."""
    group = elb.create_target_group(
        name, vpc_id=vpc_for(elb.ec2_backend).id, protocol="HTTP", port="80", target_type="ip", healthcheck_protocol="HTTP"
    )
    note(f"target group {name}")
    listener = make_load_balancer(elb, f"lab-{name}"[:32].rstrip("-"))
    anything = {"Field": "path-pattern", "Values": ["*"]}
    elb.create_rule(listener.arn, [anything], 1, [{"Type": "forward", "TargetGroupArn": group.arn}])
