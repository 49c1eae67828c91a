"""Answers a request that an SDK sends again as it was answered the first time.

An SDK tries again when the connection breaks before the answer arrives, which happens on a machine without CPU to spare. The
first attempt has taken effect by then, so a second one would fail: InvalidPermission.Duplicate, for instance. Every attempt
of one call has the same `amz-sdk-invocation-id`.
Source: https://github.com/aws/aws-sdk-go-v2/blob/main/aws/retry/middleware.go
"""

import threading
from collections import OrderedDict

# Calls that are remembered; a retry follows within seconds.
REMEMBERED = 256


class Call:
    """One call and, once it is complete, its answer."""

    def __init__(self):
        self.complete = threading.Event()
        self.answer = None


class AnswerRetriesOnce:
    """WSGI middleware around local AWS."""

    def __init__(self, application):
        self.application = application
        self.calls = OrderedDict()
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        invocation = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        # Reading twice does no harm, and objects of S3 are large.
        if invocation is None or environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self.application(environ, start_response)
        call, is_first = self.call(invocation)
        if not is_first:
            call.complete.wait()
            if call.answer is not None:
                status, headers, body = call.answer
                start_response(status, headers)
                return [body]
        try:
            answer = self.answer(environ)
            # A server error isn't kept: the retry may succeed.
            call.answer = None if answer[0].startswith("5") else answer
        finally:
            call.complete.set()
        status, headers, body = answer
        start_response(status, headers)
        return [body]

    def call(self, invocation):
        with self.lock:
            known = self.calls.get(invocation)
            if known is not None:
                return known, False
            call = self.calls[invocation] = Call()
            while len(self.calls) > REMEMBERED:
                self.calls.popitem(last=False)
            return call, True

    def answer(self, environ):
        started = []
        body = self.application(environ, lambda status, headers, exc_info=None: started.append((status, headers)))
        try:
            content = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        status, headers = started[-1]
        return status, headers, content
