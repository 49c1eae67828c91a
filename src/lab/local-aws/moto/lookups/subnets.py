"""Subnets of the VPC that a request means."""

import ipaddress

from moto.ec2.models.subnets import SubnetBackend

from .filters import say_tags, tags_in
from .switch import creates, is_on, note
from .vpc import vpc_for


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
