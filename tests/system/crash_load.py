"""Clients that use an appliance until it dies, and remember the results that it acknowledged."""

import http.client
import random
import threading
import time
import uuid

MOST_IMAGES = 12  # of one client at a time


class Broken(Exception):
    """The appliance broke a promise."""


class Promise:
    """Possible states of one image: those of "queued", "active", "bin" and "gone" that no answer has ruled out."""

    def __init__(self, data):
        self.id = str(uuid.uuid4())
        self.data = data
        self.may_be = {"gone"}
        self.history = []
        self.is_left_alone = False  # no client restores or purges it, only the scrubber removes it
        self.scrub_not_before = 0  # the earliest time of its scrub; 0 after a purge was requested

    def __repr__(self):
        return f"{self.id}, {len(self.data)} bytes, may be {sorted(self.may_be)}, after {self.history[-8:]}"


class Client(threading.Thread):
    """Thread with its own images, which no other client changes."""

    def __init__(self, appliance, seed, scrub_time):
        super().__init__(daemon=True)
        self.appliance, self.scrub_time = appliance, scrub_time
        self.random = random.Random(seed)
        self.images, self.gone = [], []
        self.failure = None
        self.answers = 0

    def run(self):
        try:
            while True:
                self.step()
        except (OSError, http.client.HTTPException):
            pass  # the crash: the last request may or may not have had its effect
        except Exception as failure:
            self.failure = failure

    def step(self):
        if len(self.images) < MOST_IMAGES and self.random.random() < 0.4:
            image = Promise(self.random.randbytes(self.random.choice([0, 100, 5_000, 70_000, 300_000, 3_000_000])))
            self.images.append(image)
            self.ask(image, "POST", "/v2/images", {201: {"queued"}},
                     {"id": image.id, "disk_format": "raw", "container_format": "bare"}, adds={"queued"})
            return
        if not self.images:
            return
        image = self.random.choice(self.images)
        if image.may_be == {"gone"}:
            self.images.remove(image)
            self.gone.append(image)
            return
        if image.may_be == {"queued"}:
            self.ask(image, "PUT", f"/v2/images/{image.id}/file", {204: {"active"}}, image.data, adds={"active"})
        elif image.may_be == {"active"}:
            self.random.choice([self.download, self.delete, self.delete])(image)
        elif image.may_be == {"bin", "gone"} and image.is_left_alone:
            self.look(image)
        elif image.may_be == {"bin", "gone"}:
            self.random.choice([self.restore, self.restore, self.purge, self.run_scrubber])(image)

    def ask(self, image, method, path, outcomes, body=None, adds=frozenset()):
        """Sends a request. `adds`: further states that the image may have until the answer comes. `outcomes`: possible
        states by the status of the answer; another status breaks a promise."""
        image.may_be = image.may_be | adds
        image.history.append(f"{method} {path.rsplit('/', 1)[1][:9]}?")
        headers = {"Content-Type": "application/octet-stream"} if isinstance(body, bytes) else {}
        reply = self.appliance.request(method, path, body, headers)
        if reply.status not in outcomes:
            raise Broken(f"{method} {path}: {reply}; {image}")
        image.history[-1] += str(reply.status)
        image.may_be = set(outcomes[reply.status])
        self.answers += 1
        return reply

    def download(self, image):
        if self.ask(image, "GET", f"/v2/images/{image.id}/file", {200: {"active"}, 204: {"active"}}).body != image.data:
            raise Broken(f"other bytes came back: {image}")

    def delete(self, image):
        image.scrub_not_before = time.time() + self.scrub_time
        image.is_left_alone = self.random.random() < 0.3
        self.ask(image, "DELETE", f"/v2/images/{image.id}", {204: {"bin", "gone"}}, adds={"bin", "gone"})

    def restore(self, image):
        reply = self.ask(image, "POST", f"/api/trash/{image.id}/restore",
                         {200: {"active"}, 404: {"gone"}, 409: {"bin", "gone"}}, adds={"active"})
        self.check_time(image, reply)

    def look(self, image):
        self.check_time(image, self.ask(image, "GET", f"/api/trash/{image.id}", {200: {"bin", "gone"}, 404: {"gone"}}))

    def check_time(self, image, reply):
        if reply.status == 404 and time.time() < image.scrub_not_before:
            raise Broken(f"scrubbed before its time: {image}")

    def purge(self, image):
        image.scrub_not_before = 0
        self.ask(image, "DELETE", f"/api/trash/{image.id}", {204: {"gone"}, 404: {"gone"}, 202: {"bin", "gone"}})

    def run_scrubber(self, image):
        self.ask(image, "POST", "/api/scrubber/run", {200: {"bin", "gone"}, 202: {"bin", "gone"}})


def what_is(appliance, image):
    """Returns the present state of the image."""
    reply = appliance.get(f"/v2/images/{image.id}")
    if reply.status == 200:
        return reply.json["status"]
    if reply.status != 404:
        raise Broken(f"{reply}; {image}")
    return "bin" if appliance.get(f"/api/trash/{image.id}").status == 200 else "gone"


def check_promise(appliance, image):
    """Throws Broken if the image is in no possible state. Otherwise its present state becomes the only possible one."""
    is_now = what_is(appliance, image)
    if is_now not in image.may_be:
        raise Broken(f"it is {is_now}: {image}")
    if is_now == "active" and appliance.get(f"/v2/images/{image.id}/file").body != image.data:
        raise Broken(f"its bytes are not those that were sent: {image}")
    if is_now == "gone":
        if time.time() < image.scrub_not_before and "bin" in image.may_be:
            raise Broken(f"scrubbed before its time: {image}")
        if appliance.store.of(appliance, image.id).exists():
            raise Broken(f"its bytes are still there: {image}")
    image.may_be = {"bin", "gone"} if is_now == "bin" else {is_now}
    image.history.append(f"crash, is {is_now}")
