"""Parameters of SSM: AWS's public ones, ids of a network, and secrets."""

import re
import secrets

from moto.ec2 import ec2_backends
from moto.ssm.models import Parameter, SimpleSystemManagerBackend

from .subnets import subnets_of
from .switch import creates, is_on, note
from .vpc import vpc_for


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
