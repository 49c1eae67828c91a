"""Local AWS: moto's server on a free loopback port, with the gaps closed that Terraform stumbles over.

Prints `port N` once it listens, and ends when its standard input closes: so it never outlives the process that started it, even
one that was killed.

Every patch says which gap it closes and how the gap shows. Written against moto 5.2.
"""

import base64
import json
import importlib
import os
import pathlib
import secrets
import sys
import threading

# IAM's managed policies are left out of moto by default; a role that attaches one would fail to apply.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
# ACM issues a certificate after a minute by default, whatever its records; Terraform waits for it.
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "5")

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse
from moto.core.responses import ActionResult
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.ecs.responses import EC2ContainerServiceResponse
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from moto.servicediscovery.models import Service as DiscoveryService
from moto.ssm.models import Parameter
from werkzeug.serving import WSGIRequestHandler, make_server


def keep_what_create_service_drops():
    """ECS CreateService ignores these members, so DescribeServices lacks them and the second plan wants to set them again."""
    kept = {
        "enableExecuteCommand": ("enable_execute_command", False),
        "enableECSManagedTags": ("enable_ecs_managed_tags", False),
        "availabilityZoneRebalancing": ("availability_zone_rebalancing", "ENABLED"),
        "healthCheckGracePeriodSeconds": ("health_check_grace_period_seconds", None),
        "capacityProviderStrategy": ("capacity_provider_strategy", None),
        "deploymentConfiguration": (
            "deployment_configuration",
            {"maximumPercent": 200, "minimumHealthyPercent": 100},
        ),
    }
    original = EC2ContainerServiceResponse.create_service

    def create_service(self):
        result = original(self)
        service = result.result["service"]
        for member, (attribute, default) in kept.items():
            value = self._get_param(member)
            setattr(service, attribute, default if value is None else value)
        return result

    EC2ContainerServiceResponse.create_service = create_service


def keep_tags_of_scalable_targets():
    """Application Auto Scaling drops tags, so that the second plan sets them again. It has no ListTagsForResource, TagResource
    and UntagResource: it answers 500, and the provider retries for minutes."""
    tags_of = {}
    register = ApplicationAutoScalingResponse.register_scalable_target

    def tags(self):
        return tags_of.setdefault(self._get_param("ResourceARN"), {})

    def register_scalable_target(self):
        answer = register(self)
        tags_of.setdefault(json.loads(answer)["ScalableTargetARN"], {}).update(self._get_param("Tags") or {})
        return answer

    def list_tags_for_resource(self):
        return json.dumps({"Tags": tags(self)})

    def tag_resource(self):
        tags(self).update(self._get_param("Tags") or {})
        return "{}"

    def untag_resource(self):
        for key in self._get_param("TagKeys") or []:
            tags(self).pop(key, None)
        return "{}"

    ApplicationAutoScalingResponse.register_scalable_target = register_scalable_target
    ApplicationAutoScalingResponse.list_tags_for_resource = list_tags_for_resource
    ApplicationAutoScalingResponse.tag_resource = tag_resource
    ApplicationAutoScalingResponse.untag_resource = untag_resource


def describe_rules_between_groups():
    """A security-group rule keeps its description for CIDR sources only, so rules between groups never plan empty."""

    def description(self):
        return self.ip_range.get("Description") or self.source_group.get("Description")

    SecurityGroupRule.description = property(description)


def know_the_namespace_of_dns_services():
    """DiscoverInstances looks at the service's own NamespaceId, while Terraform gives it in DnsConfig."""
    original = DiscoveryService.__init__

    def __init__(self, *args, **kwargs):
        original(self, *args, **kwargs)
        self.namespace_id = self.namespace_id or (self.dns_config or {}).get("NamespaceId")

    DiscoveryService.__init__ = __init__


def encrypt_secure_strings():
    """A SecureString read without decryption shows `kms:<key>:<plaintext>`: a test that looks for the secret would be blind
    to real leaks, or see leaks that AWS does not have. What KMS gives is opaque, so this is too."""
    plaintext_of = {}

    def encrypt(self, value):
        ciphertext = "AQICAH" + base64.b64encode(secrets.token_bytes(96)).decode()
        plaintext_of[ciphertext] = value
        return ciphertext

    def decrypt(self, value):
        return plaintext_of.get(value) if self.parameter_type == "SecureString" else value

    Parameter.encrypt, Parameter.decrypt = encrypt, decrypt


class QuietRequestHandler(WSGIRequestHandler):
    """Says nothing of each request; errors are still printed."""

    def log_request(self, *_args, **_kwargs):
        pass


def end_with_standard_input():
    sys.stdin.buffer.read()
    os._exit(0)


def main():
    keep_what_create_service_drops()
    keep_tags_of_scalable_targets()
    describe_rules_between_groups()
    know_the_namespace_of_dns_services()
    encrypt_secure_strings()
    # Further patches, one concept a module next to this file, each with an `apply()`.
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    for name in ["refusals", "steady_state", "service_deployments", "zones", "vpc", "code_deploy", "lookups", *sys.argv[1:]]:
        importlib.import_module(name).apply()
    with_lookups = importlib.import_module("lookups").Lookups
    answer_retries_once = importlib.import_module("retries").AnswerRetriesOnce

    server = make_server(
        "127.0.0.1",
        0,
        with_lookups(answer_retries_once(DomainDispatcherApplication(create_backend_app))),
        threaded=True,
        request_handler=QuietRequestHandler,
    )
    os.environ["MOTO_PORT"] = str(server.port)
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    print(f"port {server.port}", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
