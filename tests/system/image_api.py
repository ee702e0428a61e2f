"""Calls and checks that many tests of the Image API make."""

V2_1_PATCH = "application/openstack-images-v2.1-json-patch"
V2_0_PATCH = "application/openstack-images-v2.0-json-patch"
UNKNOWN_ID = "00000000-0000-4000-8000-000000000000"

REASONS = {400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
           410: "Gone", 413: "Content Too Large", 415: "Unsupported Media Type", 416: "Range Not Satisfiable",
           429: "Too Many Requests", 503: "Service Unavailable"}


def refused(reply, status, *words):
    """Requires that the reply is this error, in the format that clients read, and that its message has the words."""
    assert reply.status == status, reply
    assert reply.headers["Content-Type"].startswith("application/json"), reply.headers
    assert reply.headers["X-Openstack-Request-Id"].startswith("req-"), reply.headers
    assert set(reply.json) == {"message", "code", "title"}, reply
    assert reply.json["code"] == f"{status} {REASONS[status]}", reply
    assert reply.json["title"] == REASONS[status], reply
    assert reply.json["message"], reply
    for word in words:
        assert word in reply.json["message"], reply
    return True


def patch(appliance, image_id, operations, media=V2_1_PATCH):
    return appliance.request("PATCH", f"/v2/images/{image_id}", operations, {"Content-Type": media})


def add(path, value):
    return {"op": "add", "path": path, "value": value}


def replace(path, value):
    return {"op": "replace", "path": path, "value": value}


def remove(path):
    return {"op": "remove", "path": path}


def names(reply):
    assert reply.status == 200, reply
    return [image["name"] for image in reply.json["images"]]


def listed(appliance, query):
    """Returns the names of the images in a list, in its order."""
    return names(appliance.get("/v2/images?" + query))
