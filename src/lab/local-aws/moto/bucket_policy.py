"""Bucket policies whose conditions moto does not evaluate."""

import json

from moto.iam.access_control import IAMPolicy
from moto.s3.models import FakeBucket


def count_loopback_as_tls():
    """A Deny of plain HTTP (`aws:SecureTransport` is "false") shuts everybody out: local AWS is plain HTTP, and moto takes the
    statement without its condition. What reaches AWS's own endpoint comes by TLS, so here such a statement doesn't apply."""

    def get_permission(self, action, resource):
        statements = json.loads(self.policy)["Statement"] if self.policy else []
        document = {"Statement": [one for one in statements if not is_for_plain_http(one)]}
        return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)

    FakeBucket.get_permission = get_permission


def is_for_plain_http(statement):
    return statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}


def apply():
    count_loopback_as_tls()
