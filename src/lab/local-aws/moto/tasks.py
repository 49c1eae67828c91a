"""Tasks that run outside of moto, as its ECS reports them.

moto starts no tasks for a service. The lab does, and puts what it knows (tasks, and the services' counts, deployments and
events) to `/moto-api/lab/ecs`; from then on ListTasks, DescribeTasks and DescribeServices report it to every client. What
clients ask for goes the other way: StopTask marks a task, UpdateService begins a deployment, and the lab reads both through
the API and carries them out.
"""

import json

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import camelcase_to_underscores, utcnow
from moto.ecs.models import EC2ContainerServiceBackend, ecs_backends
from moto.moto_api._internal import mock_random, urls
from steady_state import attached

# ECS forgets a stopped task after about an hour; here a long run's memory is bounded by their number.
KEPT_STOPPED_TASKS = 500

# What a service's tasks are made from: a change of it begins a deployment.
# Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
DEPLOYED = (
    "task_definition",
    "network_configuration",
    "service_registries",
    "load_balancers",
    "platform_version",
    "enable_execute_command",
)


class LabTask:
    """A task record with ECS's members; moto's serializer reads them as attributes."""

    container_instance_arn = None
    resource_requirements = None

    def __init__(self, record):
        self.tags = []
        self.put(record)

    def put(self, record):
        requested = self.__dict__.get("desired_status"), self.__dict__.get("stopped_reason"), self.__dict__.get("stop_code")
        for member, value in record.items():
            setattr(self, camelcase_to_underscores(member), value)
        # A StopTask that the lab has not read yet stays.
        if requested[0] == "STOPPED" and self.desired_status == "RUNNING":
            self.desired_status, self.stopped_reason, self.stop_code = requested

    def advance(self):
        """moto's own tasks change their state each time they are described; this one's is what was put."""


def put_records(request, full_url, headers):
    """`{region, tasks: [Task], services: [{cluster, service, requestedDeployment, …Service}], attached?}`, members as in
    ECS's API. Putting the same again changes nothing."""
    body = json.loads(request.data)
    if "attached" in body:
        (attached.add if body["attached"] else attached.discard)(body["region"])
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
    service = backend.services.get(f"{record['cluster']}:{record['service']}")
    if service is None or service.status != "ACTIVE":
        return
    ignored = {"cluster", "service", "requestedDeployment"}
    # The lab doesn't know yet of a deployment that a client has requested since.
    if getattr(service, "requested_deployment", None) in (None, record.get("requestedDeployment")):
        service.requested_deployment = None
    else:
        ignored |= {"deployments", "taskDefinition"}
    for member, value in record.items():
        if member not in ignored:
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


def stop_tasks_later():
    """StopTask marks a task as stopped at once; ECS answers first and stops it then."""
    original = EC2ContainerServiceBackend.stop_task

    def stop_task(self, cluster_str, task_str, reason):
        task_id = task_str.split("/")[-1]
        for task in self.tasks.get(self._get_cluster(cluster_str).name, {}).values():
            if isinstance(task, LabTask) and task.task_arn.endswith(f"/{task_id}"):
                if task.desired_status == "RUNNING":
                    task.desired_status, task.stop_code = "STOPPED", "UserInitiated"
                    task.stopped_reason = reason or "Task stopped by user"
                    # The lab hasn't started it yet.
                    if task.last_status == "PROVISIONING" and not task.containers:
                        task.last_status = "STOPPED"
                return task
        return original(self, cluster_str, task_str, reason)

    EC2ContainerServiceBackend.stop_task = stop_task


def run_tasks_in_the_lab():
    """RunTask gives a task that moto stops by itself. While a lab runs the tasks, the task waits for it, with what DescribeTasks
    doesn't report in ECS (its security groups) among the details of its attachment."""
    original = EC2ContainerServiceBackend.run_task

    def run_task(
        self, cluster_str, definition, count, overrides, started_by, tags, launch_type, network=None, group=None, version=None
    ):
        if self.region_name not in attached:
            return original(
                self, cluster_str, definition, count, overrides, started_by, tags, launch_type, network, group, version
            )
        cluster, registered = self._get_cluster(cluster_str), self.describe_task_definition(definition)
        awsvpc = (network or {}).get("awsvpcConfiguration", {})
        details = {"subnetId": awsvpc["subnets"][0], "securityGroups": ",".join(awsvpc.get("securityGroups") or [])}
        tasks = [
            LabTask(
                {
                    "taskArn": cluster.arn.replace(":cluster/", ":task/") + "/" + mock_random.get_random_hex(32),
                    "clusterArn": cluster.arn,
                    "taskDefinitionArn": registered.arn,
                    "overrides": overrides or {},
                    "startedBy": started_by or "",
                    "tags": tags or [],
                    "launchType": launch_type or "FARGATE",
                    "group": group or f"family:{registered.family}",
                    "lastStatus": "PROVISIONING",
                    "desiredStatus": "RUNNING",
                    "stoppedReason": None,
                    "stopCode": None,
                    "createdAt": utcnow(),
                    "containers": [],
                    "attachments": [
                        {
                            "id": mock_random.get_random_hex(32),
                            "type": "ElasticNetworkInterface",
                            "status": "PRECREATED",
                            "details": [{"name": name, "value": value} for name, value in details.items()],
                        }
                    ],
                }
            )
            for _ in range(count)
        ]
        self.tasks.setdefault(cluster.name, {}).update({task.task_arn: task for task in tasks})
        return tasks

    EC2ContainerServiceBackend.run_task = run_task


def tasks_left(backend, service):
    """Its tasks that are still to be stopped."""
    tasks = backend.tasks.get(service.cluster_name, {}).values()
    own = [task for task in tasks if isinstance(task, LabTask) and task.group == f"service:{service.name}"]
    return [task for task in own if task.last_status != "STOPPED"]


def drain_deleted_services():
    """DeleteService makes a service INACTIVE at once. In ECS it drains first: its tasks stop, and leave Cloud Map, before a
    client that waits for its end deletes the discovery service. Tasks that no lab runs are stopped here and now."""
    original_delete = EC2ContainerServiceBackend.delete_service
    original_describe = EC2ContainerServiceBackend.describe_services

    def delete_service(self, cluster_name, service_name, force):
        service = original_delete(self, cluster_name, service_name, force)
        left = tasks_left(self, service)
        if left and self.region_name in attached:
            service.status = "DRAINING"
        else:
            for task in left:
                task.last_status = task.desired_status = "STOPPED"
        return service

    def describe_services(self, cluster_str, service_names_or_arns):
        services, failures = original_describe(self, cluster_str, service_names_or_arns)
        for service in services:
            if service.status == "DRAINING" and not (
                self.region_name in attached and tasks_left(self, service)
            ):
                service.status = "INACTIVE"
        return services, failures

    EC2ContainerServiceBackend.delete_service = delete_service
    EC2ContainerServiceBackend.describe_services = describe_services


def begin_deployments():
    """UpdateService stores `family` or `family:revision` as given, where ECS answers with an ARN; it reports the desired count
    as running; and it begins no deployment. While a lab runs the tasks, it decides what runs."""
    original = EC2ContainerServiceBackend.update_service

    def update_service(self, service_properties):
        wanted = service_properties.get("task_definition")
        if wanted:
            service_properties["task_definition"] = self.describe_task_definition(wanted).arn
        if self.region_name not in attached:
            return original(self, service_properties)
        name = service_properties["service"].split("/")[-1]
        service = self._get_service(service_properties.get("cluster", "default"), name)
        before = [getattr(service, member, None) for member in DEPLOYED]
        counts = service.running_count, service.pending_count
        forced = service_properties.pop("force_new_deployment", False)
        original(self, service_properties)
        service.running_count, service.pending_count = counts
        if forced or before != [getattr(service, member, None) for member in DEPLOYED]:
            begin_deployment(service)
        return service

    EC2ContainerServiceBackend.update_service = update_service


def begin_deployment(service):
    now = utcnow()
    service.requested_deployment = f"ecs-svc/{mock_random.randint(10**18, 10**19)}"
    deployment = {
        **service.deployments[0],
        "id": service.requested_deployment,
        "status": "PRIMARY",
        "taskDefinition": service.task_definition,
        "rolloutState": "IN_PROGRESS",
        "rolloutStateReason": f"ECS deployment {service.requested_deployment} in progress.",
        **{"createdAt": now, "updatedAt": now, "failedTasks": 0, "runningCount": 0, "pendingCount": 0},
    }
    service.deployments = [deployment, *({**earlier, "status": "ACTIVE"} for earlier in service.deployments)]


def apply():
    list_running_tasks_by_default()
    stop_tasks_later()
    run_tasks_in_the_lab()
    drain_deleted_services()
    begin_deployments()
    urls.url_paths["{0}/moto-api/lab/ecs$"] = put_records
