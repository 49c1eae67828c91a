"""Tasks that run outside of moto, as its ECS shows them.

moto starts no tasks for a service. The lab does, and puts what it knows (tasks, and the services' counts, deployments and
events) to `/moto-api/lab/ecs`; from then on ListTasks, DescribeTasks and DescribeServices tell it to every client. The
other way, StopTask only notes the wish: whoever runs the task stops it, and puts the task back as stopped.
"""

import json

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import camelcase_to_underscores
from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends
from moto.moto_api._internal import urls

# ECS forgets a stopped task after about an hour; here a long run's memory is bounded by their number.
KEPT_STOPPED_TASKS = 500


# Regions in which somebody runs the tasks that were put, and will stop them.
attended = set()


class LabTask:
    """A task record with ECS's members; moto's serializer reads them as attributes."""

    container_instance_arn = None
    resource_requirements = None

    def __init__(self, record):
        self.tags = []
        self.put(record)

    def put(self, record):
        wished = self.__dict__.get("desired_status"), self.__dict__.get("stopped_reason"), self.__dict__.get("stop_code")
        for member, value in record.items():
            setattr(self, camelcase_to_underscores(member), value)
        # A StopTask that whoever runs the task has not read yet stays a wish.
        if wished[0] == "STOPPED" and self.desired_status == "RUNNING":
            self.desired_status, self.stopped_reason, self.stop_code = wished

    def advance(self):
        """moto's own tasks change their state each time they are described; this one's is what was put."""


def put_records(request, full_url, headers):
    """`{region, tasks: [Task], services: [{cluster, service, …Service}], attended?}`, members as in ECS's API."""
    body = json.loads(request.data)
    if "attended" in body:
        (attended.add if body["attended"] else attended.discard)(body["region"])
    backend = ecs_backends[DEFAULT_ACCOUNT_ID][body["region"]]
    for record in body.get("tasks", []):
        put_task(backend, record)
    for record in body.get("services", []):
        put_service(backend, record)
    return 200, {"Content-Type": "application/json"}, "{}"


def put_task(backend, record):
    cluster = record["clusterArn"].split("/")[-1]
    tasks = backend.tasks.setdefault(cluster, {})
    known = tasks.get(record["taskArn"])
    if isinstance(known, LabTask):
        known.put(record)
        return
    tasks[record["taskArn"]] = LabTask(record)
    stopped = [arn for arn, task in tasks.items() if isinstance(task, LabTask) and task.last_status == "STOPPED"]
    for arn in stopped[:-KEPT_STOPPED_TASKS]:
        del tasks[arn]


def put_service(backend, record):
    service = backend.services.get(f"{record.pop('cluster')}:{record.pop('service')}")
    if service is None or service.status != "ACTIVE":
        return
    # A service that goes back to an earlier task definition does so only if nobody has asked for another one meanwhile.
    rolled_back = record.pop("rollback", None)
    if rolled_back and service.task_definition == rolled_back["from"]:
        service.task_definition = rolled_back["to"]
    for member, value in record.items():
        setattr(service, camelcase_to_underscores(member), value)


def list_running_tasks_by_default():
    """ListTasks gives tasks of every status, and of every service; ECS's default is RUNNING, and its filter filters."""
    original = EC2ContainerServiceBackend.list_tasks

    def list_tasks(
        self, cluster_str=None, container_instance=None, family=None, started_by=None, service_name=None, desiredStatus=None
    ):
        tasks = original(self, cluster_str, container_instance, family, started_by, None, desiredStatus or "RUNNING")
        group = f"service:{service_name.split('/')[-1]}" if service_name else None
        return [task for task in tasks if group is None or task.group == group]

    EC2ContainerServiceBackend.list_tasks = list_tasks


def stop_tasks_by_wish():
    """StopTask marks a task as stopped at once; ECS answers first and stops it then."""
    original = EC2ContainerServiceBackend.stop_task

    def stop_task(self, cluster_str, task_str, reason):
        task_id = task_str.split("/")[-1]
        for task in self.tasks.get(self._get_cluster(cluster_str).name, {}).values():
            if isinstance(task, LabTask) and task.task_arn.endswith(f"/{task_id}"):
                if task.desired_status == "RUNNING":
                    task.desired_status, task.stop_code = "STOPPED", "UserInitiated"
                    task.stopped_reason = reason or "Task stopped by user"
                return task
        return original(self, cluster_str, task_str, reason)

    EC2ContainerServiceBackend.stop_task = stop_task


def tasks_left(backend, service):
    """Its tasks that are still to be stopped."""
    tasks = backend.tasks.get(service.cluster_name, {}).values()
    own = [task for task in tasks if isinstance(task, LabTask) and task.group == f"service:{service.name}"]
    return [task for task in own if task.last_status != "STOPPED"]


def drain_deleted_services():
    """DeleteService makes a service INACTIVE at once. In ECS it drains first: its tasks stop, and leave Cloud Map, before
    whoever waits for its end goes on to delete the discovery service. Tasks that nobody runs are stopped here and now."""
    original_delete = EC2ContainerServiceBackend.delete_service
    original_describe = EC2ContainerServiceBackend.describe_services

    def delete_service(self, cluster_name, service_name, force):
        service = original_delete(self, cluster_name, service_name, force)
        left = tasks_left(self, service)
        if left and self.region_name in attended:
            service.status = "DRAINING"
        else:
            for task in left:
                task.last_status = task.desired_status = "STOPPED"
        return service

    def describe_services(self, cluster_str, service_names_or_arns):
        services, failures = original_describe(self, cluster_str, service_names_or_arns)
        for service in services:
            if service.status == "DRAINING" and not (
                self.region_name in attended and tasks_left(self, service)
            ):
                service.status = "INACTIVE"
        return services, failures

    EC2ContainerServiceBackend.delete_service = delete_service
    EC2ContainerServiceBackend.describe_services = describe_services


def name_task_definitions_by_arn():
    """UpdateService stores `family` or `family:revision` as it is given; ECS answers with an ARN always."""
    original = EC2ContainerServiceBackend.update_service

    def update_service(self, service_properties):
        wanted = service_properties.get("task_definition")
        if wanted:
            service_properties["task_definition"] = self.describe_task_definition(wanted).arn
        return original(self, service_properties)

    EC2ContainerServiceBackend.update_service = update_service


def apply():
    list_running_tasks_by_default()
    stop_tasks_by_wish()
    drain_deleted_services()
    name_task_definitions_by_arn()
    urls.url_paths["{0}/moto-api/lab/ecs$"] = put_records
