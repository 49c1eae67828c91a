"""Target health, which moto's Elastic Load Balancing reports as healthy for every target at once.

The lab puts what its load balancers found: DescribeTargetHealth gives it as long as there is any for the target group.
"""

import json

from moto.core import DEFAULT_ACCOUNT_ID
from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, elbv2_backends
from moto.moto_api._internal import urls


def put_records(request, full_url, headers):
    """`{region, targetGroups: [{targetGroupArn, targets: [{id, port, state, reason?, description?}]}]}`."""
    body = json.loads(request.data)
    groups = elbv2_backends[DEFAULT_ACCOUNT_ID][body["region"]].target_groups
    for record in body["targetGroups"]:
        if record["targetGroupArn"] in groups:
            groups[record["targetGroupArn"]].lab_targets = record["targets"]
    return 200, {"Content-Type": "application/json"}, "{}"


def status_of(group, target):
    return FakeHealthStatus(
        target["id"],
        target["port"],
        str(target["port"]) if group.health_check_port == "traffic-port" else group.health_check_port,
        target["state"],
        target.get("reason"),
        target.get("description"),
    )


def describe_what_the_lab_has_put():
    """DescribeTargetHealth knows the targets of RegisterTargets alone, and takes them for healthy."""
    original = ELBv2Backend.describe_target_health

    def describe_target_health(self, target_group_arn, targets):
        group = self.target_groups.get(target_group_arn)
        known = getattr(group, "lab_targets", None)
        if known is None:
            return original(self, target_group_arn, targets)
        if not targets:
            return [status_of(group, target) for target in known]
        found = {target["id"]: status_of(group, target) for target in known}
        return [found[target["Id"]] if target["Id"] in found else group.health_for(target, None) for target in targets]

    ELBv2Backend.describe_target_health = describe_target_health


def apply():
    describe_what_the_lab_has_put()
    urls.url_paths["{0}/moto-api/lab/load-balancing$"] = put_records
