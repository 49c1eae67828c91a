"""Cloud Map and its Route 53 zones, where moto leaves out what the lab or ECS goes by."""

import threading

from moto.route53 import route53_backends
from moto.servicediscovery.exceptions import ConflictingDomainExists
from moto.servicediscovery.models import ServiceDiscoveryBackend, ServiceInstance
from moto.utilities.utils import get_partition


def tie_private_namespaces_to_their_vpc():
    """CreatePrivateDnsNamespace makes a hosted zone without a VPC, though the zone is the only place where the API tells it;
    and it refuses a VPC's second namespace, where AWS refuses only a second one of the same name."""
    original = ServiceDiscoveryBackend.create_private_dns_namespace
    # Terraform creates the namespaces of several modules at the same time.
    one_at_a_time = threading.Lock()

    def create_private_dns_namespace(self, **arguments):
        with one_at_a_time:
            return create(self, **arguments)

    def create(self, name, creator_request_id, description, vpc, tags, properties):
        others = [namespace for namespace in self.namespaces.values() if namespace.vpc == vpc]
        if any(namespace.name == name for namespace in others):
            raise ConflictingDomainExists(vpc)
        for namespace in others:
            namespace.vpc = None
        try:
            operation = original(self, name, creator_request_id, description, vpc, tags, properties)
        finally:
            for namespace in others:
                namespace.vpc = vpc
        created = list(self.namespaces.values())[-1]
        zones = route53_backends[self.account_id][get_partition(self.region_name)]
        zone = zones.get_hosted_zone(created.dns_properties["HostedZoneId"])
        zone.add_vpc(vpc, self.region_name)
        return operation

    ServiceDiscoveryBackend.create_private_dns_namespace = create_private_dns_namespace


def begin_with_the_status_that_is_given():
    """RegisterInstance ignores AWS_INIT_HEALTH_STATUS: every instance is healthy from its first moment."""
    original = ServiceInstance.__init__

    def __init__(self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.health_status = self.attributes.get("AWS_INIT_HEALTH_STATUS", "HEALTHY")

    ServiceInstance.__init__ = __init__


def replace_an_instance_of_the_same_id():
    """RegisterInstance with an id that is registered adds a second instance; Cloud Map updates the first."""
    original = ServiceDiscoveryBackend.register_instance

    def register_instance(self, service_id, instance_id, creator_request_id, attributes):
        service = self.get_service(service_id)
        service.instances = [instance for instance in service.instances if instance.instance_id != instance_id]
        return original(self, service_id, instance_id, creator_request_id, attributes)

    ServiceDiscoveryBackend.register_instance = register_instance


def keep_a_namespace_its_zone():
    """UpdatePrivateDnsNamespace replaces all DNS properties, the hosted zone's id with them; Cloud Map changes the SOA's TTL."""
    original = ServiceDiscoveryBackend.update_private_dns_namespace

    def update_private_dns_namespace(self, _id, description, properties):
        merged = {**self.get_namespace(_id).dns_properties, **properties} if properties else properties
        return original(self, _id, description, merged)

    ServiceDiscoveryBackend.update_private_dns_namespace = update_private_dns_namespace


def apply():
    tie_private_namespaces_to_their_vpc()
    begin_with_the_status_that_is_given()
    replace_an_instance_of_the_same_id()
    keep_a_namespace_its_zone()
