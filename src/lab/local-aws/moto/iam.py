"""What IAM says a role may do, where moto has no answer."""

import fnmatch
import json

from moto.core.responses import ActionResult
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.iam.responses import IamResponse


def simulate_the_policies_of_a_role():
    """SimulatePrincipalPolicy is missing. Here it evaluates a role's inline and attached policies by moto's own engine,
    without boundaries. Statements apply whose conditions hold for the request's context."""

    def simulate_principal_policy(self):
        role = self.backend.get_role_by_arn(self._get_param("PolicySourceArn"))
        context = {
            entry["ContextKeyName"].lower(): entry["ContextKeyValues"]
            for entry in self._get_param("ContextEntries", [])
        }
        policies = [json.dumps(applying(document, context)) for document in role.policies.values()]
        statements = [IAMPolicy(policy) for policy in [*policies, *role.managed_policies.values()]]
        results = [
            {"EvalActionName": action, "EvalResourceName": resource, "EvalDecision": decision(statements, action, resource)}
            for action in self._get_param("ActionNames", [])
            for resource in self._get_param("ResourceArns", ["*"])
        ]
        return ActionResult({"EvaluationResults": results, "IsTruncated": False})

    IamResponse.simulate_principal_policy = simulate_principal_policy


def applying(document, context):
    """A policy document without the statements whose conditions don't hold."""
    document = json.loads(document) if isinstance(document, str) else document
    statements = document["Statement"]
    statements = statements if isinstance(statements, list) else [statements]
    return {**document, "Statement": [s for s in statements if holds(s.get("Condition", {}), context)]}


def holds(condition, context):
    """Whether each key has one of the condition's values: the operators that compare text and ARNs."""
    for operator, keys in condition.items():
        if operator not in ("StringEquals", "StringLike", "ArnEquals", "ArnLike"):
            raise NotImplementedError(f"the condition operator {operator}")
        compare = str.__eq__ if operator == "StringEquals" else fnmatch.fnmatchcase
        for key, expected in keys.items():
            expected = expected if isinstance(expected, list) else [expected]
            actual = context.get(key.lower(), [])
            if not any(compare(value, pattern) for value in actual for pattern in expected):
                return False
    return True


def decision(policies, action, resource):
    results = {policy.is_action_permitted(action, resource) for policy in policies}
    if PermissionResult.DENIED in results:
        return "explicitDeny"
    return "allowed" if PermissionResult.PERMITTED in results else "implicitDeny"


def apply():
    simulate_the_policies_of_a_role()
