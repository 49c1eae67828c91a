"""VPCs. Everything looked up is in one of them."""

from moto.ec2.models.vpcs import VPCBackend

from .filters import tags_in
from .switch import creates, is_on, note

# The VPC that lookups have made, by region.
own_vpc = {}


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
