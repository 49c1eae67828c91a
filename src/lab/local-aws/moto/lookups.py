"""Creates what Terraform's data sources look up and local AWS doesn't have, while that is switched on.

A data source reads AWS in the plan. Its request has everything evaluated, variables and expressions included, so what it asks for
is created as it asks: the first request that finds nothing creates one, and is answered with that. What the provider itself picks
from a list (certificates, zones, namespaces) has no name in its request, so its name comes with the switch.

    PUT /lab/lookups     switches it on; the body is {"region": "eu-west-1", "secretKeys": [...], "picked": [{"type", "name"}]}:
                         keys of secrets that are JSON objects, and types and names of data sources that are picked from a list
    DELETE /lab/lookups  switches it off and answers with a list of what was created
"""

import ipaddress
import json
import re
import secrets
import threading

from moto.acm import acm_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2 import ec2_backends
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.ecr.models import ECRBackend
from moto.ecs.models import EC2ContainerServiceBackend
from moto.elbv2.models import ELBv2Backend
from moto.iam.models import IAMBackend
from moto.route53 import route53_backends
from moto.secretsmanager.exceptions import SecretNotFoundException
from moto.secretsmanager.models import SecretsManagerBackend
from moto.servicediscovery import servicediscovery_backends
from moto.ssm.models import Parameter, SimpleSystemManagerBackend

PATH = "/lab/lookups"

# None: switched off.
created = None
secret_keys = []
# The VPC that lookups have made, by region: everything looked up is in one.
own_vpc = {}


busy = threading.local()


def is_on():
    return created is not None and not getattr(busy, "creating", False)


def creates(make):
    """A function that creates something: what moto itself looks up for it isn't created."""

    def creating(*args):
        outer, busy.creating = getattr(busy, "creating", False), True
        try:
            return make(*args)
        finally:
            busy.creating = outer

    return creating


def note(what):
    created.append(what)


class Lookups:
    """WSGI middleware with the switch."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        global created, secret_keys
        if environ["PATH_INFO"] != PATH:
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] == "PUT":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            asked = json.loads(body)
            secret_keys = asked["secretKeys"]
            created = []
            for picked in asked["picked"]:
                MAKE[picked["type"]](asked["region"], picked["name"])
        answer = json.dumps(created or []).encode()
        if environ["REQUEST_METHOD"] == "DELETE":
            created = None
        start_response("200 OK", [("Content-Type", "application/json")])
        return [answer]


def tags_in(filters):
    """Tags that a request filters by, with a value that its pattern matches."""
    return {
        name[len("tag:") :]: values[0].replace("*", "lab").replace("?", "x")
        for name, values in (filters or {}).items()
        if name.startswith("tag:")
    }


def say_tags(tags):
    return "".join(f" {key}={value}" for key, value in tags.items())


@creates
def vpc_for(ec2, filters=None):
    """The VPC that a request names, or else the one of lookups."""
    named = (filters or {}).get("vpc-id")
    if named:
        return ec2.vpcs.get(named[0])
    known = own_vpc.get(ec2.region_name)
    if known in ec2.vpcs:
        return ec2.vpcs[known]
    others = [vpc for vpc in ec2.vpcs.values() if not vpc.is_default]
    vpc = others[0] if others else ec2.create_vpc("10.0.0.0/16")
    if not others:
        note("a VPC")
    own_vpc[ec2.region_name] = vpc.id
    return vpc


def leave_default_vpcs():
    """Moto makes a Region's default VPC when the Region is first used, and looks its subnets up for that."""
    VPCBackend.create_default_vpc = creates(VPCBackend.create_default_vpc)


def look_up_vpcs():
    original = VPCBackend.describe_vpcs

    def describe_vpcs(self, vpc_ids=None, filters=None):
        found = original(self, vpc_ids, filters)
        if found or vpc_ids or not is_on() or "vpc-id" in (filters or {}):
            return found
        tags = tags_in(filters)
        vpc = vpc_for(self)
        if tags:
            self.create_tags([vpc.id], tags)
        return original(self, vpc_ids, filters)

    VPCBackend.describe_vpcs = describe_vpcs


def free_block(ec2, vpc):
    subnets = [subnet for by_id in ec2.subnets.values() for subnet in by_id.values()]
    taken = [ipaddress.ip_network(subnet.cidr_block) for subnet in subnets if subnet.vpc_id == vpc.id]
    network = ipaddress.ip_network(vpc.cidr_block)
    blocks = network.subnets(new_prefix=max(network.prefixlen, min(28, network.prefixlen + 8)))
    next(blocks)
    return str(next(block for block in blocks if not any(block.overlaps(other) for other in taken)))


def look_up_subnets():
    original = SubnetBackend.describe_subnets

    def describe_subnets(self, subnet_ids=None, filters=None):
        found = original(self, subnet_ids, filters)
        if found or subnet_ids or not is_on() or "subnet-id" in (filters or {}):
            return found
        vpc = vpc_for(self, filters)
        if vpc is None:
            return found
        make_subnets(self, vpc, filters or {})
        return original(self, subnet_ids, filters)

    SubnetBackend.describe_subnets = describe_subnets


@creates
def make_subnets(ec2, vpc, filters):
    """One by its own name; two, in two zones, by anything that several have."""
    names = filters.get("tag:Name", [])
    exact = names and not any(character in name for name in names for character in "*?")
    public = filters.get("map-public-ip-on-launch") == ["true"]
    zones = filters.get("availability-zone")
    made = []
    for index, name in enumerate(names if exact else [None, None]):
        tags = {**tags_in(filters), **({"Name": name} if exact else {})}
        zone = zones[0] if zones else ec2.region_name + "ab"[index % 2]
        subnet = ec2.create_subnet(vpc.id, free_block(ec2, vpc), availability_zone=zone)
        subnet.map_public_ip_on_launch = "true" if public else "false"
        if tags:
            ec2.create_tags([subnet.id], tags)
        note(f"subnet{say_tags(tags)}")
        made.append(subnet)
    return made


def subnets_of(ec2, vpc):
    """Two at least: those that there are, or new ones."""
    return ec2.describe_subnets(filters={"vpc-id": [vpc.id]}) or make_subnets(ec2, vpc, {})


def look_up_security_groups():
    original = SecurityGroupBackend.describe_security_groups

    def describe_security_groups(self, group_ids=None, groupnames=None, filters=None):
        found = original(self, group_ids, groupnames, filters)
        if found or group_ids or not is_on() or "group-id" in (filters or {}):
            return found
        vpc = vpc_for(self, filters)
        tags = tags_in(filters)
        name = (groupnames or (filters or {}).get("group-name") or [tags.get("Name") or f"looked-up-{secrets.token_hex(3)}"])[0]
        group = self.create_security_group(name.replace("*", "lab"), "looked up", vpc_id=vpc.id if vpc else None)
        if tags:
            self.create_tags([group.id], tags)
        note(f"security group {group.name}")
        return original(self, group_ids, groupnames, filters)

    SecurityGroupBackend.describe_security_groups = describe_security_groups


def look_up_clusters():
    original = EC2ContainerServiceBackend.describe_clusters

    def describe_clusters(self, cluster_names):
        clusters, failures = original(self, cluster_names)
        if not failures or not is_on():
            return clusters, failures
        for cluster in cluster_names:
            name = cluster.split("/")[-1]
            if name not in self.clusters:
                self.create_cluster(name)
                note(f"ECS cluster {name}")
        return original(self, cluster_names)

    EC2ContainerServiceBackend.describe_clusters = describe_clusters


def look_up_parameters():
    original = SimpleSystemManagerBackend.get_parameter

    def get_parameter(self, name):
        found = original(self, name)
        if found is not None or not is_on():
            return found
        if name.startswith("/aws/"):
            return public_parameter(self, name)
        kind, value = value_of_parameter(self, name)
        self.put_parameter(name, "", value, kind, "", "", False, [], "text", None, None)
        note(f"parameter {name}")
        return original(self, name)

    SimpleSystemManagerBackend.get_parameter = get_parameter


def public_parameter(ssm, name):
    """One that AWS publishes, such as the image of Fluent Bit: nobody may put it."""
    value = name.removeprefix("/aws/service/").replace("/", "-")
    public = Parameter(ssm.account_id, name, value, "String", None, None, None, 0, 1, "text")
    ssm._parameters[name].append(public)
    note(f"parameter {name}")
    return public


@creates
def value_of_parameter(ssm, name):
    """Ids of a network that the layout keeps in parameters, or else a value by chance: hexadecimal, since a cookie becomes an atom."""
    ec2 = ec2_backends[ssm.account_id][ssm.region_name]
    if re.search(r"vpc[-_/]?id$", name, re.IGNORECASE):
        return "String", vpc_for(ec2).id
    if re.search(r"subnet[-_/]?ids?$", name, re.IGNORECASE):
        return "StringList", ",".join(subnet.id for subnet in subnets_of(ec2, vpc_for(ec2)))
    return "SecureString", secrets.token_hex(32)


def look_up_secrets():
    for method in ("describe_secret", "get_secret_value"):
        wrap_secrets(method, getattr(SecretsManagerBackend, method))


def wrap_secrets(method, original):
    def read(self, secret_id, *args, **kwargs):
        try:
            return original(self, secret_id, *args, **kwargs)
        except SecretNotFoundException:
            if not is_on():
                raise
        # An ARN ends with six characters that AWS adds.
        name = re.sub(r"-\w{6}$", "", secret_id.split(":secret:")[1]) if secret_id.startswith("arn:") else secret_id
        value = json.dumps({key: secrets.token_hex(16) for key in secret_keys}) if secret_keys else secrets.token_hex(32)
        self.create_secret(name, value, None, None, None, None, None, [], False)
        note(f"secret {name}")
        return original(self, secret_id, *args, **kwargs)

    setattr(SecretsManagerBackend, method, read)


def look_up_repositories():
    original = ECRBackend.describe_repositories

    def describe_repositories(self, registry_id=None, repository_names=None):
        if is_on():
            for name in repository_names or []:
                if name not in self.repositories:
                    self.create_repository(name, registry_id, None, None, "MUTABLE", [])
                    note(f"repository {name}")
        return original(self, registry_id, repository_names)

    ECRBackend.describe_repositories = describe_repositories


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
    elb.create_listener(balancer.arn, "HTTP", "80", None, None, [dict(fixed)])
    elb.create_listener(balancer.arn, "HTTPS", "443", None, certificate, [dict(fixed)])
    note(f"load balancer {name}")


def look_up_roles():
    original = IAMBackend.get_role

    def get_role(self, role_name):
        if is_on() and not any(role.name == role_name for role in self.roles.values()):
            trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
            self.create_role(role_name, json.dumps({"Version": "2012-10-17", "Statement": [trust]}), "/", None, "", [], "3600")
            note(f"role {role_name}")
        return original(self, role_name)

    IAMBackend.get_role = get_role


@creates
def make_certificate(region, name):
    acm = acm_backends[DEFAULT_ACCOUNT_ID][region]
    if not any(bundle.common_name == name for bundle in acm._certificates.values()):
        arn = acm.request_certificate(name, "", [], [])
        acm._certificates[arn].status = "ISSUED"
        note(f"certificate {name}")


@creates
def make_zone(_region, name):
    zones = route53_backends[DEFAULT_ACCOUNT_ID]["aws"]
    name = name.rstrip(".")
    if not any(zone.name.rstrip(".") == name for zone in zones.zones.values()):
        zones.create_hosted_zone(f"{name}.", False, caller_reference=name)
        note(f"zone {name}")


@creates
def make_namespace(region, name):
    discovery = servicediscovery_backends[DEFAULT_ACCOUNT_ID][region]
    if not any(namespace.name == name for namespace in discovery.list_namespaces()):
        vpc = vpc_for(ec2_backends[DEFAULT_ACCOUNT_ID][region])
        discovery.create_private_dns_namespace(
            name=name, creator_request_id=name, description="looked up", vpc=vpc.id, tags=[], properties={}
        )
        note(f"namespace {name}")


MAKE = {
    "aws_acm_certificate": make_certificate,
    "aws_route53_zone": make_zone,
    "aws_service_discovery_dns_namespace": make_namespace,
}


def apply():
    leave_default_vpcs()
    look_up_vpcs()
    look_up_subnets()
    look_up_security_groups()
    look_up_clusters()
    look_up_parameters()
    look_up_secrets()
    look_up_repositories()
    look_up_load_balancers()
    look_up_roles()
