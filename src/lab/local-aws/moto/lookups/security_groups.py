"""Security groups, by name or tags."""

import secrets

from moto.ec2.models.security_groups import SecurityGroupBackend

from .filters import tags_in
from .switch import is_on, note
from .vpc import vpc_for


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
