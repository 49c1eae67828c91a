"""FilterLogEvents of CloudWatch Logs: moto ignores `logStreamNamePrefix`, and gives the events of one stream after another.

CloudWatch Logs gives the events of all streams by time, whatever `interleaved` says.
Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
"""

import json

from moto.logs.responses import LogsResponse

# A name that no stream has: without a name, moto takes every stream.
NONE = [""]


def apply():
    original = LogsResponse.filter_log_events

    def filter_log_events(self):
        request = {**json.loads(self.body), "interleaved": True}
        group = self.logs_backend.groups.get(request.get("logGroupName"))
        prefix = request.pop("logStreamNamePrefix", None)
        if group is not None and prefix is not None:
            request["logStreamNames"] = [name for name in group.streams if name.startswith(prefix)] or NONE
        self.body = json.dumps(request)
        return original(self)

    LogsResponse.filter_log_events = filter_log_events
