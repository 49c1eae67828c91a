"""Local AWS that goes back to an earlier state at once, for tests that each begin with the same one.

`POST /checkpoint` forks the server: the child answers from then on, the parent waits for its end. `POST /restore` ends the
child, and the parent forks another one, in which everything is as it was. All accept connections on the same socket, so no
request is lost between them.
"""

import os
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from werkzeug.serving import ThreadedWSGIServer

wanted, forked = threading.Event(), threading.Event()
ending, halted = threading.Event(), threading.Event()


def end_with_standard_input():
    os.read(0, 1)
    os._exit(0)


def serve_in_children(server):
    """Called by the server's own thread between two connections: the one place from which a fork takes nothing half done."""
    if ending.is_set():
        halted.set()
        threading.Event().wait()
    if not wanted.is_set():
        return
    wanted.clear()
    while True:
        child = os.fork()
        forked.set()
        if child == 0:
            threading.Thread(target=end_with_standard_input, daemon=True).start()
            return
        os.waitpid(child, 0)


class EndOfProcess:
    """An answer's body; when it has been sent, the process ends."""

    def __iter__(self):
        return iter([b""])

    def close(self):
        os._exit(0)


def apply():
    original_serve, original_call = ThreadedWSGIServer.serve_forever, DomainDispatcherApplication.__call__

    def serve_forever(self, poll_interval=0.01):
        original_serve(self, poll_interval)

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/checkpoint":
            forked.clear()
            wanted.set()
            forked.wait()
            start_response("200 OK", [("Content-Length", "0")])
            return [b""]
        if environ["PATH_INFO"] == "/restore":
            # The next connection is the next child's.
            ending.set()
            halted.wait()
            start_response("200 OK", [("Content-Length", "0")])
            return EndOfProcess()
        return original_call(self, environ, start_response)

    ThreadedWSGIServer.service_actions = serve_in_children
    ThreadedWSGIServer.serve_forever = serve_forever
    DomainDispatcherApplication.__call__ = __call__
