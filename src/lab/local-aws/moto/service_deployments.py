"""Service deployments and service revisions, which moto's ECS doesn't have: they show a rollback after it has ended.

The lab puts them with the service (`tasks.py`), members as in ECS's API: `serviceDeployments` and
`serviceRevisions`. A service that no lab runs has none.
"""

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse

BRIEF = (
    "serviceDeploymentArn",
    "serviceArn",
    "clusterArn",
    "startedAt",
    "createdAt",
    "finishedAt",
    "targetServiceRevisionArn",
    "status",
    "statusReason",
)


def records(backend, member):
    return [record for service in backend.services.values() for record in getattr(service, member, None) or []]


def found(known, arns, arn_member):
    """The records of some ARNs, and a failure for each ARN that nothing has."""
    by_arn = {record[arn_member]: record for record in known}
    failures = [{"arn": arn, "reason": "MISSING"} for arn in arns if arn not in by_arn]
    return [by_arn[arn] for arn in arns if arn in by_arn], failures


def list_service_deployments(self):
    backend = self.ecs_backend
    services, _ = backend.describe_services(self._get_param("cluster"), [self._get_param("service")])
    statuses = self._get_param("status") or []
    listed = []
    for record in [record for service in services for record in getattr(service, "service_deployments", None) or []]:
        if statuses and record["status"] not in statuses:
            continue
        brief = {member: record[member] for member in BRIEF if record.get(member) is not None}
        brief["targetServiceRevisionArn"] = record["targetServiceRevision"]["arn"]
        listed.append(brief)
    return ActionResult({"serviceDeployments": listed})


def describe_service_deployments(self):
    arns = self._get_param("serviceDeploymentArns") or []
    known, failures = found(records(self.ecs_backend, "service_deployments"), arns, "serviceDeploymentArn")
    return ActionResult({"serviceDeployments": known, "failures": failures})


def describe_service_revisions(self):
    arns = self._get_param("serviceRevisionArns") or []
    known, failures = found(records(self.ecs_backend, "service_revisions"), arns, "serviceRevisionArn")
    return ActionResult({"serviceRevisions": known, "failures": failures})


def apply():
    EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
    EC2ContainerServiceResponse.describe_service_deployments = describe_service_deployments
    EC2ContainerServiceResponse.describe_service_revisions = describe_service_revisions
