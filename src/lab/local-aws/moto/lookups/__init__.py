"""Creates what Terraform's data sources look up and local AWS doesn't have, while that is switched on.

A data source reads AWS in the plan. Its request has everything evaluated, variables and expressions included, so what it asks for
is created as it asks: the first request that finds nothing creates one, and is answered with that. What the provider itself picks
from a list (certificates, zones, namespaces) has no name in its request, so its name comes with the switch.

    PUT /lab/lookups     switches it on; the body is {"region": "eu-west-1", "secretKeys": [...], "picked": [{"type", "name"}]}:
                         keys of secrets that are JSON objects, and types and names of data sources that are picked from a list
    DELETE /lab/lookups  switches it off and answers with a list of what was created
"""

import json

from . import switch
from .ecs import look_up_clusters
from .load_balancers import look_up_load_balancers, look_up_target_groups
from .parameters import look_up_parameters
from .picked import MAKE
from .repositories import look_up_repositories
from .roles import look_up_roles
from .secrets_manager import look_up_secrets
from .security_groups import look_up_security_groups
from .subnets import look_up_subnets
from .vpc import leave_default_vpcs, look_up_vpcs

PATH = "/lab/lookups"


class Lookups:
    """WSGI middleware with the switch."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] != PATH:
            return self.application(environ, start_response)
        if environ["REQUEST_METHOD"] == "PUT":
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            asked = json.loads(body)
            switch.switch_on(asked["secretKeys"])
            for picked in asked["picked"]:
                MAKE[picked["type"]](asked["region"], picked["name"])
        noted = switch.switch_off() if environ["REQUEST_METHOD"] == "DELETE" else []
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(noted).encode()]


def apply():
    leave_default_vpcs()
    look_up_vpcs()
    look_up_subnets()
    look_up_security_groups()
    look_up_clusters()
    look_up_parameters()
    look_up_secrets()
    look_up_repositories()
    look_up_load_balancers()
    look_up_target_groups()
    look_up_roles()
