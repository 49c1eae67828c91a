"""What the provider picks from a list: its request has no name, so the switch has it."""

from moto.acm import acm_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2 import ec2_backends
from moto.route53 import route53_backends
from moto.servicediscovery import servicediscovery_backends

from .switch import creates, note
from .vpc import vpc_for


@creates
def make_certificate(region, name):
    acm = acm_backends[DEFAULT_ACCOUNT_ID][region]
    if not any(bundle.common_name == name for bundle in acm._certificates.values()):
        arn = acm.request_certificate(name, "", [], [])
        acm._certificates[arn].status = "ISSUED"
        note(f"certificate {name}")


@creates
def make_zone(_region, name):
    zones = route53_backends[DEFAULT_ACCOUNT_ID]["aws"]
    name = name.rstrip(".")
    if not any(zone.name.rstrip(".") == name for zone in zones.zones.values()):
        zones.create_hosted_zone(f"{name}.", False, caller_reference=name)
        note(f"zone {name}")


@creates
def make_namespace(region, name):
    discovery = servicediscovery_backends[DEFAULT_ACCOUNT_ID][region]
    if not any(namespace.name == name for namespace in discovery.list_namespaces()):
        vpc = vpc_for(ec2_backends[DEFAULT_ACCOUNT_ID][region])
        discovery.create_private_dns_namespace(
            name=name, creator_request_id=name, description="looked up", vpc=vpc.id, tags=[], properties={}
        )
        note(f"namespace {name}")


MAKE = {
    "aws_acm_certificate": make_certificate,
    "aws_route53_zone": make_zone,
    "aws_service_discovery_dns_namespace": make_namespace,
}
