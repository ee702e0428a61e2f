"""Client calls of tus 1.0.0, for the tests of resumable uploads."""

import base64
import hashlib

from appliance import wait_until
from raw_http import Wire, head

VERSION = "1.0.0"
OFFSET_STREAM = "application/offset+octet-stream"


def encoded(text):
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


def metadata(image_id, **more):
    return ",".join(f"{key} {encoded(value)}" for key, value in {"image_id": image_id, **more}.items())


def post(who, image_id, length=None, body=None, **headers):
    """Creates an upload. Returns the reply. Without `length`, the client must give the length later. `who`: the
    appliance or person that sends the request. Headers are written with _ for -; a header that is None is left out."""
    size = {"Upload_Defer_Length": "1"} if length is None else {"Upload_Length": str(length)}
    kind = {} if body is None else {"Content_Type": OFFSET_STREAM}
    fields = {"Tus_Resumable": VERSION, "Upload_Metadata": metadata(image_id), **size, **kind, **headers}
    return who.request("POST", "/api/uploads", body, header_names(fields))


def header_names(fields):
    return {name.replace("_", "-"): value for name, value in fields.items() if value is not None}


class Upload:
    """Upload, with the requests of the user who began it."""

    def __init__(self, who, path, image_id=None):
        self.who, self.path, self.image_id = who, path, image_id

    def request(self, method, body=None, **headers):
        return self.who.request(method, self.path, body, header_names({"Tus_Resumable": VERSION, **headers}))

    def head(self, **headers):
        return self.request("HEAD", **headers)

    def offset(self):
        # An earlier request may hold the upload for longer than the 30 s that this one waits.
        reply = wait_until(lambda: (reply := self.head()).status != 423 and reply, "nobody else is at work")
        assert reply.status == 200, reply
        return int(reply.headers["Upload-Offset"])

    def patch(self, offset, data, **headers):
        return self.request("PATCH", data, **{"Content_Type": OFFSET_STREAM, "Upload_Offset": str(offset), **headers})

    def delete(self):
        return self.request("DELETE")

    def begin_patch(self, appliance, offset, declared, sent, *lines):
        """Begins a PATCH of `declared` bytes, and sends the bytes `sent` of it. Returns the connection. `lines`: more
        lines of the head."""
        wire = Wire(appliance)
        wire.send(head("PATCH", self.path, f"Tus-Resumable: {VERSION}", f"Content-Type: {OFFSET_STREAM}",
                       f"Upload-Offset: {offset}", f"Content-Length: {declared}", *lines))
        wire.send(sent)
        return wire


def staged(appliance):
    """Returns the files of incomplete uploads."""
    return sorted((appliance.data / "uploads").iterdir())


def assert_active(appliance, image_id, data):
    image = appliance.show(image_id)
    assert (image["status"], image["size"]) == ("active", len(data)), image
    assert image["checksum"] == hashlib.md5(data).hexdigest()
    assert image["os_hash_value"] == hashlib.sha512(data).hexdigest()
    assert appliance.get(f"/v2/images/{image_id}/file").body == data
    assert staged(appliance) == []
    assert appliance.store.leftovers(appliance) == []


def begin(who, length=None, body=None, image_id=None, **headers):
    """Creates an upload, to a new image unless `image_id` names one. Returns it."""
    image_id = image_id or who.create()
    reply = post(who, image_id, length, body, **headers)
    assert reply.status == 201, reply
    return Upload(who, "/" + reply.headers["Location"].split("/", 3)[3], image_id)
