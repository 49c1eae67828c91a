"""What AWS refuses and moto carries out: deleting what something uses, and a name that something has.

An apply that passes against local AWS must not fail against AWS. moto itself refuses a second role, log group, security group,
repository and private namespace of one name, and deleting a role with policies or a repository with images.
"""

import time

from moto.core.exceptions import JsonRESTError
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.security_groups import SecurityGroupBackend
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ecs.exceptions import (
    ClusterNotFoundException,
    EcsClientException,
    ECSException,
    InvalidParameterException,
)
from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends
from moto.elbv2.models import elbv2_backends
from moto.servicediscovery.models import ServiceDiscoveryBackend

# How long the tasks of a service that moved to other groups keep their old ones. In AWS it takes minutes.
DRAINING_SECONDS = 1.0


class ClusterContainsServices(ECSException):
    code = "ClusterContainsServicesException"


class ClusterContainsTasks(ECSException):
    code = "ClusterContainsTasksException"


class ServiceNotActive(ECSException):
    code = "ServiceNotActiveException"


def keep_security_groups_in_use():
    """DeleteSecurityGroup: a group of a network interface, or one that another group's rule in its VPC names, is refused with
    DependencyViolation; the default group with CannotDelete.
    Sources: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteSecurityGroup.html,
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html"""
    original = SecurityGroupBackend._delete_security_group
    original_call = SecurityGroups.delete_security_group

    # The call: DeleteVpc deletes the default group itself.
    def delete_security_group(self):
        group = self.ec2_backend.get_security_group_from_id(self._get_param("GroupId"))
        if group is not None and group.is_default:
            message = f'the specified group: "{group.id}" name: "{group.name}" cannot be deleted by a user'
            raise EC2ClientError("CannotDelete", message)
        return original_call(self)

    def _delete_security_group(self, vpc_id, group_id):
        group = self.get_security_group_from_id(group_id)
        if group is not None and (has_interface(self, group_id) or is_referenced(self, group)):
            raise DependencyViolationError(f"resource {group_id} has a dependent object")
        return original(self, vpc_id, group_id)

    SecurityGroups.delete_security_group = delete_security_group
    SecurityGroupBackend._delete_security_group = _delete_security_group


def has_interface(backend, group_id):
    """Whether a network interface has the group: one of EC2's, a load balancer's, or that of a service's task. Tasks exist only
    where a lab runs them, so a service that wants tasks counts as having them, and keeps its old groups for a moment after it
    moved, as its old tasks do."""
    if any(group_id in [group.id for group in eni.group_set] for eni in backend.enis.values()):
        return True
    balancers = elbv2_backends[backend.account_id][backend.region_name].load_balancers.values()
    if any(group_id in (balancer.security_groups or []) for balancer in balancers):
        return True
    services = ecs_backends[backend.account_id][backend.region_name].services.values()
    return any(
        service.status == "ACTIVE"
        and service.desired_count > 0
        and (group_id in groups_of(service) or draining(service).get(group_id, 0) > time.monotonic())
        for service in services
    )


def groups_of(service):
    return (service.network_configuration or {}).get("awsvpcConfiguration", {}).get("securityGroups", [])


def draining(service):
    """The groups that a service left, each with the time at which its last task there has stopped."""
    return service.__dict__.setdefault("draining_groups", {})


def is_referenced(backend, group):
    others = [other for other in backend.groups[group.vpc_id].values() if other.id != group.id]
    return any(
        rule.source_group.get("GroupId") == group.id
        for other in others
        for rule in [*other.ingress_rules, *other.egress_rules]
    )


def remember_groups_that_a_service_left():
    """UpdateService with other security groups is a rolling deployment: old tasks run until new ones do. And only an active
    service can be updated (ServiceNotActiveException).
    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html"""
    original = EC2ContainerServiceBackend.update_service

    def update_service(self, service_properties):
        name = service_properties["service"].split("/")[-1]
        service = self._get_service(service_properties.get("cluster", "default"), name)
        if service.status != "ACTIVE":
            raise ServiceNotActive("Service was not ACTIVE.")
        before = groups_of(service)
        updated = original(self, service_properties)
        ends = time.monotonic() + DRAINING_SECONDS
        draining(service).update({group: ends for group in before if group not in groups_of(service)})
        return updated

    EC2ContainerServiceBackend.update_service = update_service


def refuse_impossible_dependencies():
    """RegisterTaskDefinition: a container that doesn't exist, the end of an essential one, the health of one without a health
    check, and a cycle can't be depended on; Fargate waits for 120 seconds at most.
    Sources: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html,
    https://github.com/boto/boto3/issues/2436, https://github.com/dagster-io/dagster/issues/6926"""
    original = EC2ContainerServiceBackend.register_task_definition

    def register_task_definition(self, family, container_definitions, *args, **kwargs):
        containers = {container["name"]: container for container in container_definitions}
        for container in container_definitions:
            for dependency in container.get("dependsOn") or []:
                refuse_dependency(containers, dependency)
            if not 2 <= (container.get("startTimeout") or 2) <= 120:
                raise EcsClientException("startTimeout must be between 2 and 120 seconds.")
        if any(name in needed_by(containers, name) for name in containers):
            raise EcsClientException("Container dependencies must not form a cycle.")
        return original(self, family, container_definitions, *args, **kwargs)

    EC2ContainerServiceBackend.register_task_definition = register_task_definition


def refuse_dependency(containers, dependency):
    name, condition = dependency["containerName"], dependency["condition"]
    if name not in containers:
        raise EcsClientException(f"Cannot depend on container + '{name}' because it does not exist")
    if condition in ("SUCCESS", "COMPLETE") and containers[name].get("essential", True):
        raise EcsClientException(
            "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container"
        )
    if condition == "HEALTHY" and not containers[name].get("healthCheck"):
        raise EcsClientException("A dependency container with HEALTHY condition must have a health check")


def needed_by(containers, name):
    """The names of all containers that one depends on, directly or not."""
    found, new = set(), [name]
    while new:
        needed = [each["containerName"] for each in containers[new.pop()].get("dependsOn") or []]
        new += [each for each in needed if each not in found]
        found.update(needed)
    return found


def refuse_a_second_ecs_service():
    """CreateService with the name of a service of the cluster replaces that. ECS refuses while the first is ACTIVE or DRAINING.
    And a cluster that was deleted takes no services.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteService.html"""
    original = EC2ContainerServiceBackend.create_service

    def create_service(self, cluster_str, service_name, *args, **kwargs):
        cluster = self._get_cluster(cluster_str)
        if cluster.status != "ACTIVE":
            raise ClusterNotFoundException
        existing = self.services.get(f"{cluster.name}:{service_name}")
        if existing is not None and existing.status == "ACTIVE":
            raise InvalidParameterException("Creation of service was not idempotent.")
        if existing is not None and existing.status == "DRAINING":
            raise InvalidParameterException("Unable to Start a service that is still Draining.")
        return original(self, cluster_str, service_name, *args, **kwargs)

    EC2ContainerServiceBackend.create_service = create_service


def keep_ecs_clusters_in_use():
    """DeleteCluster: a cluster with services or tasks is refused.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeleteCluster.html"""
    original = EC2ContainerServiceBackend.delete_cluster

    def delete_cluster(self, cluster_str):
        name = self._get_cluster(cluster_str).name
        services = [service for service in self.services.values() if service.cluster_name == name]
        if any(service.status in ("ACTIVE", "DRAINING") for service in services):
            raise ClusterContainsServices("The Cluster cannot be deleted while Services are active.")
        if any(task.last_status != "STOPPED" for task in self.tasks.get(name, {}).values()):
            raise ClusterContainsTasks("The Cluster cannot be deleted while Tasks are active.")
        return original(self, cluster_str)

    EC2ContainerServiceBackend.delete_cluster = delete_cluster


def keep_namespaces_in_use():
    """DeleteNamespace: one with services is refused.
    Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteNamespace.html"""
    original = ServiceDiscoveryBackend.delete_namespace

    def delete_namespace(self, namespace_id):
        if services_in(self, namespace_id):
            raise JsonRESTError(
                "ResourceInUse", "Namespace has associated services; delete the services before deleting the namespace"
            )
        return original(self, namespace_id)

    ServiceDiscoveryBackend.delete_namespace = delete_namespace


def services_in(backend, namespace_id):
    def namespace_of(service):
        return service.namespace_id or (service.dns_config or {}).get("NamespaceId")

    return [service for service in backend.services.values() if namespace_of(service) == namespace_id]


def keep_discovery_services_in_use():
    """DeleteService of Cloud Map: one with instances is refused.
    Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_DeleteService.html"""
    original = ServiceDiscoveryBackend.delete_service

    def delete_service(self, service_id):
        if self.get_service(service_id).instances:
            raise JsonRESTError(
                "ResourceInUse",
                "Service contains registered instances; delete the instances before deleting the service",
            )
        return original(self, service_id)

    ServiceDiscoveryBackend.delete_service = delete_service


def refuse_a_second_discovery_service():
    """CreateService of Cloud Map makes a second service of one name in a namespace; DNS knows no case.
    Source: https://docs.aws.amazon.com/cloud-map/latest/api/API_CreateService.html"""
    original = ServiceDiscoveryBackend.create_service

    def create_service(self, name, namespace_id, creator_request_id, description, dns_config, *args, **kwargs):
        namespace = namespace_id or (dns_config or {}).get("NamespaceId")
        if name.lower() in [service.name.lower() for service in services_in(self, namespace)]:
            raise JsonRESTError("ServiceAlreadyExists", "Service already exists.")
        return original(self, name, namespace_id, creator_request_id, description, dns_config, *args, **kwargs)

    ServiceDiscoveryBackend.create_service = create_service


def apply():
    keep_security_groups_in_use()
    remember_groups_that_a_service_left()
    refuse_impossible_dependencies()
    refuse_a_second_ecs_service()
    keep_ecs_clusters_in_use()
    keep_namespaces_in_use()
    keep_discovery_services_in_use()
    refuse_a_second_discovery_service()
