"""Roles of IAM, which ECS tasks may assume."""

import json

from moto.iam.models import IAMBackend

from .switch import is_on, note


def look_up_roles():
    original = IAMBackend.get_role

    def get_role(self, role_name):
        if is_on() and not any(role.name == role_name for role in self.roles.values()):
            trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}}
            self.create_role(role_name, json.dumps({"Version": "2012-10-17", "Statement": [trust]}), "/", None, "", [], "3600")
            note(f"role {role_name}")
        return original(self, role_name)

    IAMBackend.get_role = get_role
