"""Whether lookups create what they don't find, and what they have created since the switch."""

import threading

# None: switched off.
created = None
secret_keys = []
busy = threading.local()


def switch_on(keys):
    global created, secret_keys
    created = []
    secret_keys = keys


def switch_off():
    """@returns what was created"""
    global created
    noted, created = created, None
    return noted or []


def is_on():
    return created is not None and not getattr(busy, "creating", False)


def creates(make):
    """A function that creates something: what moto itself looks up for it isn't created."""

    def creating(*args):
        outer, busy.creating = getattr(busy, "creating", False), True
        try:
            return make(*args)
        finally:
            busy.creating = outer

    return creating


def note(what):
    created.append(what)


def keys_of_secrets():
    return secret_keys
