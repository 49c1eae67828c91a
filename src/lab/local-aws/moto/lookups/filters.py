"""Filters of a request to EC2."""


def tags_in(filters):
    """Tags that a request filters by, with a value that its pattern matches."""
    return {
        name[len("tag:") :]: values[0].replace("*", "lab").replace("?", "x")
        for name, values in (filters or {}).items()
        if name.startswith("tag:")
    }


def say_tags(tags):
    return "".join(f" {key}={value}" for key, value in tags.items())
