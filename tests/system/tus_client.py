"""tus 1.0.0 as a client speaks it: what the tests of resumable uploads begin with."""

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
    """The reply to the creation of an upload; without a length it is told later. `who` sends requests: an appliance,
    or a person. Headers are written with _ for -; one that is None is left out."""
    size = {"Upload_Defer_Length": "1"} if length is None else {"Upload_Length": str(length)}
    kind = {} if body is None else {"Content_Type": OFFSET_STREAM}
    fields = {"Tus_Resumable": VERSION, "Upload_Metadata": metadata(image_id), **size, **kind, **headers}
    return who.request("POST", "/api/uploads", body, header_names(fields))


def header_names(fields):
    return {name.replace("_", "-"): value for name, value in fields.items() if value is not None}


class Upload:
    """One upload, as the one who began it sees it."""

    def __init__(self, who, path, image_id=None):
        self.who, self.path, self.image_id = who, path, image_id

    def request(self, method, body=None, **headers):
        return self.who.request(method, self.path, body, header_names({"Tus_Resumable": VERSION, **headers}))

    def head(self, **headers):
        return self.request("HEAD", **headers)

    def offset(self):
        # A request before this one may take longer than the patience of this one, 30 s, to let go of the upload.
        reply = wait_until(lambda: (reply := self.head()).status != 423 and reply, "nobody else is at work")
        assert reply.status == 200, reply
        return int(reply.headers["Upload-Offset"])

    def patch(self, offset, data, **headers):
        return self.request("PATCH", data, **{"Content_Type": OFFSET_STREAM, "Upload_Offset": str(offset), **headers})

    def delete(self):
        return self.request("DELETE")

    def begin_patch(self, appliance, offset, declared, sent, *lines):
        """A PATCH that has begun, of which `sent` bytes are on their way; the wire. `lines` go into its head."""
        wire = Wire(appliance)
        wire.send(head("PATCH", self.path, f"Tus-Resumable: {VERSION}", f"Content-Type: {OFFSET_STREAM}",
                       f"Upload-Offset: {offset}", f"Content-Length: {declared}", *lines))
        wire.send(sent)
        return wire


def staged(appliance):
    """The files of uploads that are not whole."""
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
    """A new upload, to a new image unless one is named."""
    image_id = image_id or who.create()
    reply = post(who, image_id, length, body, **headers)
    assert reply.status == 201, reply
    return Upload(who, "/" + reply.headers["Location"].split("/", 3)[3], image_id)
