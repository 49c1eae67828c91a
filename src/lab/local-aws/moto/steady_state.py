"""A service without a lab is steady at once.

moto reports the tasks of a new service as pending indefinitely, since it starts none, and a client that waits for a steady
state, as Terraform does, would wait until its time is over. While a lab runs the tasks, it reports what is true.
"""

from moto.ecs.responses import EC2ContainerServiceResponse

# Regions in which a lab runs the tasks that it puts (`tasks.py`), and will stop them.
attached = set()


def run_new_services():
    """UpdateService reports the desired count as running already."""
    original = EC2ContainerServiceResponse.create_service

    def create_service(self):
        result = original(self)
        service = result.result["service"]
        if self.region not in attached:
            cluster = self.ecs_backend._get_cluster(service.cluster_name)
            self.ecs_backend.update_cluster_resources(cluster, -service.pending_count, task_state="PENDING")
            self.ecs_backend.update_cluster_resources(cluster, service.pending_count, task_state="RUNNING")
            service.running_count, service.pending_count = service.desired_count, 0
            for deployment in service.deployments:
                deployment.update(
                    runningCount=service.desired_count,
                    pendingCount=0,
                    rolloutState="COMPLETED",
                    rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
                )
        return result

    EC2ContainerServiceResponse.create_service = create_service


def apply():
    run_new_services()
