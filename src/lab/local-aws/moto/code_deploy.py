"""CodeDeploy as far as Terraform manages its applications and deployment groups. It deploys nothing here."""

import json
import time

from moto.codedeploy.models import Application
from moto.codedeploy.responses import CodeDeployResponse


def count_creation_in_seconds():
    """An application's creation is a text, where the API has a number: Terraform can't read the answer."""
    original = Application.to_dict

    def to_dict(self):
        self.created_at = getattr(self, "created_at", time.time())
        return {**original(self), "createTime": self.created_at}

    Application.to_dict = to_dict


def delete_what_was_created():
    """DeleteApplication and DeleteDeploymentGroup are missing: Terraform can't destroy what it made."""

    def delete_application(self):
        name = self._get_param("applicationName")
        self.codedeploy_backend.applications.pop(name, None)
        self.codedeploy_backend.deployment_groups.pop(name, None)
        return "{}"

    def delete_deployment_group(self):
        groups = self.codedeploy_backend.deployment_groups.get(self._get_param("applicationName"), {})
        groups.pop(self._get_param("deploymentGroupName"), None)
        return json.dumps({"hooksNotCleanedUp": []})

    CodeDeployResponse.delete_application = delete_application
    CodeDeployResponse.delete_deployment_group = delete_deployment_group


def apply():
    count_creation_in_seconds()
    delete_what_was_created()
