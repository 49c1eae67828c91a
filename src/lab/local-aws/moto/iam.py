"""What IAM says a role may do, where moto has no answer."""

import json

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.responses import IamResponse


def simulate_the_policies_of_a_role():
    """SimulatePrincipalPolicy is missing. Here it evaluates a role's inline and attached policies by moto's own engine,
    without conditions and boundaries."""

    def simulate_principal_policy(self):
        role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
        policies = [json.dumps(d) if isinstance(d, dict) else d for d in role.policies.values()]
        statements = [IAMPolicy(policy) for policy in [*policies, *role.managed_policies.values()]]
        results = [
            {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision(statements, action, resource)}
            for action in self._get_param("ActionNames", [])
            for resource in self._get_param("ResourceArns", ["*"])
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})

    IamResponse.simulate_principal_policy = simulate_principal_policy


def decision(policies, action, resource):
    results = {policy.is_action_permitted(action, resource) for policy in policies}
    if PermissionResult.DENIED in results:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in results else "implicitDeny"


def apply():
    simulate_the_policies_of_a_role()
