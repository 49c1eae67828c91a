"""Service deployments and service revisions, which moto's ECS doesn't have: they show a rollback after it has ended.

The lab puts them with the service (`tasks.py`), members as in ECS's API: `serviceDeployments` and
`serviceRevisions`. Without a lab each deployment has succeeded at once: version 6 of Terraform's provider looks for the one that
it began, and would wait for it until its time is over.
Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/ecs/service.go (statusServiceWaitForStable)
"""

from moto.core.responses import ActionResult
from moto.ecs.responses import EC2ContainerServiceResponse
from steady_state import attached

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


def arn_of(service, kind, deployment):
    return service.arn.replace(":service/", f":{kind}/") + "/" + deployment["id"].split("/")[-1]


def deployments_of(service):
    """What a lab has put. Of a service that no lab has run, the deployments of DescribeServices, which have succeeded."""
    put = getattr(service, "service_deployments", None)
    if put is not None or service.region_name in attached:
        return put or []
    return [
        {
            "serviceDeploymentArn": arn_of(service, "service-deployment", deployment),
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "createdAt": deployment.get("createdAt"),
            "startedAt": deployment.get("createdAt"),
            "finishedAt": deployment.get("updatedAt"),
            "status": "SUCCESSFUL",
            "targetServiceRevision": {"arn": arn_of(service, "service-revision", deployment)},
        }
        for deployment in service.deployments
    ]


def revisions_of(service):
    put = getattr(service, "service_revisions", None)
    if put is not None or service.region_name in attached:
        return put or []
    return [
        {
            "serviceRevisionArn": arn_of(service, "service-revision", deployment),
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "taskDefinition": deployment["taskDefinition"],
            "createdAt": deployment.get("createdAt"),
        }
        for deployment in service.deployments
    ]


def all_of(backend, records_of):
    return [record for service in backend.services.values() for record in records_of(service)]


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
    for record in [record for service in services for record in deployments_of(service)]:
        if statuses and record["status"] not in statuses:
            continue
        brief = {member: record[member] for member in BRIEF if record.get(member) is not None}
        brief["targetServiceRevisionArn"] = record["targetServiceRevision"]["arn"]
        listed.append(brief)
    return ActionResult({"serviceDeployments": listed})


def describe_service_deployments(self):
    arns = self._get_param("serviceDeploymentArns") or []
    known, failures = found(all_of(self.ecs_backend, deployments_of), arns, "serviceDeploymentArn")
    return ActionResult({"serviceDeployments": known, "failures": failures})


def describe_service_revisions(self):
    arns = self._get_param("serviceRevisionArns") or []
    known, failures = found(all_of(self.ecs_backend, revisions_of), arns, "serviceRevisionArn")
    return ActionResult({"serviceRevisions": known, "failures": failures})


def apply():
    EC2ContainerServiceResponse.list_service_deployments = list_service_deployments
    EC2ContainerServiceResponse.describe_service_deployments = describe_service_deployments
    EC2ContainerServiceResponse.describe_service_revisions = describe_service_revisions
