"""PUT and GET /v2/images/{id}/file."""

import hashlib
import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest
from appliance import Reply, wait_until
from deadline import DEADLINE
from image_api import UNKNOWN_ID, refused

DATA = bytes(range(256)) * 40


def download(appliance, image_id, **headers):
    return appliance.get(f"/v2/images/{image_id}/file",
                         headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_an_upload_makes_the_image_active(appliance):
    image_id = appliance.create()
    reply = appliance.upload(image_id, DATA)
    assert reply.status == 204 and reply.body == b""
    image = appliance.show(image_id)
    assert image["status"] == "active"
    assert image["size"] == image["virtual_size"] == len(DATA)
    assert image["checksum"] == hashlib.md5(DATA).hexdigest()
    assert image["os_hash_algo"] == "sha512"
    assert image["os_hash_value"] == hashlib.sha512(DATA).hexdigest()
    assert image["stores"] == appliance.store.name


def test_another_hash_can_be_chosen(make_appliance):
    appliance = make_appliance('[images]\nhash_algorithm = "sha256"\n').start()
    image = appliance.show(appliance.image_with(DATA))
    assert (image["os_hash_algo"], image["os_hash_value"]) == ("sha256", hashlib.sha256(DATA).hexdigest())


@pytest.mark.parametrize("size", [0, 1, 65536, 1 << 20, (1 << 20) + 1, 3 << 20])
@pytest.mark.parametrize("chunked", [False, True])
def test_what_was_uploaded_is_downloaded(appliance, size, chunked):
    data = (DATA * (size // len(DATA) + 1))[:size]
    image_id = appliance.create()
    body = iter([data[i:i + 100_000] for i in range(0, size, 100_000)]) if chunked else data
    assert appliance.upload(image_id, body).status == 204
    reply = download(appliance, image_id)
    assert reply.status == 200
    assert reply.body == data
    assert reply.headers["Content-Length"] == str(size)
    assert reply.headers["Content-Type"] == "application/octet-stream"
    assert reply.headers["Content-MD5"] == hashlib.md5(data).hexdigest()
    assert reply.headers["Accept-Ranges"] == "bytes"


def test_an_image_without_data_downloads_as_nothing(appliance):
    reply = download(appliance, appliance.create())
    assert reply.status == 204 and reply.body == b""


@pytest.mark.parametrize("asked, first, last", [
    ("bytes=0-0", 0, 0), ("bytes=10-19", 10, 19), ("bytes=10-", 10, 10239), ("bytes=-10", 10230, 10239),
    ("bytes=0-", 0, 10239), ("bytes=10000-99999", 10000, 10239), ("bytes=-99999", 0, 10239),
    ("bytes=10239-10239", 10239, 10239)])
def test_a_range_is_a_part_of_the_data(appliance, asked, first, last):
    image_id = appliance.image_with(DATA)
    reply = download(appliance, image_id, Range=asked)
    assert reply.status == 206
    assert reply.body == DATA[first:last + 1]
    assert reply.headers["Content-Range"] == f"bytes {first}-{last}/{len(DATA)}"
    assert reply.headers["Content-Length"] == str(last - first + 1)
    assert "Content-MD5" not in reply.headers


@pytest.mark.parametrize("asked", ["bytes=10240-", "bytes=10240-10250", "bytes=-0", "bytes=5-4", "bytes=x-y",
                                   "bytes=-", "bytes", "nonsense"])
def test_a_range_beyond_the_data_is_not_satisfiable(appliance, asked):
    reply = download(appliance, appliance.image_with(DATA), Range=asked)
    assert refused(reply, 416)
    assert reply.headers["Content-Range"] == f"bytes */{len(DATA)}"


def test_several_ranges_at_once_are_refused(appliance):
    assert refused(download(appliance, appliance.image_with(DATA), Range="bytes=0-1,5-6"), 400, "one at a time")


def test_the_content_range_that_old_clients_send_is_understood(appliance):
    image_id = appliance.image_with(DATA)
    reply = download(appliance, image_id, Content_Range="bytes 10-19/*")
    assert reply.status == 206
    assert reply.body == DATA[10:20]
    assert reply.headers["Content-Range"] == f"bytes 10-19/{len(DATA)}"
    assert refused(download(appliance, image_id, Content_Range="bytes 10240-10250/*"), 416)
    assert refused(download(appliance, image_id, Content_Range="nonsense"), 416)
    assert download(appliance, image_id, Range="bytes=0-4", Content_Range="bytes 10-19/*").body == DATA[:5]


def test_a_head_tells_the_length_and_that_ranges_are_taken(appliance):
    image_id = appliance.image_with(DATA)
    reply = appliance.request("HEAD", f"/v2/images/{image_id}/file")
    assert reply.status == 200 and reply.body == b""
    assert reply.headers["Content-Length"] == str(len(DATA))
    assert reply.headers["Accept-Ranges"] == "bytes"
    assert reply.headers["Content-MD5"] == hashlib.md5(DATA).hexdigest()


@pytest.mark.parametrize("media", ["application/json", "text/plain", ""])
def test_data_of_another_content_type_is_refused(appliance, media):
    image_id = appliance.create()
    reply = appliance.request("PUT", f"/v2/images/{image_id}/file", DATA, {"Content-Type": media})
    assert refused(reply, 415, "application/octet-stream")
    assert appliance.show(image_id)["status"] == "queued"


def test_data_is_uploaded_once(appliance):
    image_id = appliance.image_with(DATA)
    assert refused(appliance.upload(image_id, b"other"), 409, "active")
    assert download(appliance, image_id).body == DATA


def test_data_needs_an_image(appliance):
    assert refused(appliance.upload(UNKNOWN_ID, DATA), 404)


@pytest.mark.parametrize("fields", [{"disk_format": None}, {"container_format": None}])
def test_data_needs_an_image_with_formats(appliance, fields):
    image_id = appliance.create(**fields)
    assert refused(appliance.upload(image_id, DATA), 400, next(iter(fields)))
    assert appliance.show(image_id)["status"] == "queued"


@pytest.mark.parametrize("chunked", [False, True])
def test_an_image_larger_than_the_cap_is_refused(make_appliance, chunked):
    appliance = make_appliance('[limits]\nimage_size_cap = "4KiB"\n').start()
    image_id = appliance.create()
    assert appliance.upload(image_id, DATA[:4096]).status == 204
    image_id = appliance.create()
    assert refused(appliance.upload(image_id, iter([DATA]) if chunked else DATA), 413, "image_size_cap")
    assert appliance.show(image_id)["status"] == "queued"
    assert appliance.upload(image_id, DATA[:4096]).status == 204


def test_the_store_can_be_chosen(make_appliance, tmp_path):
    appliance = make_appliance(f'[stores.local]\n[stores.large]\npath = "{tmp_path}/large"\n').start()
    image_id = appliance.create()
    assert refused(appliance.upload(image_id, DATA, **{"x-image-meta-store": "nothing"}), 400, "nothing")
    assert appliance.upload(image_id, DATA, **{"x-image-meta-store": "large"}).status == 204
    assert appliance.show(image_id)["stores"] == "large"
    assert download(appliance, image_id).body == DATA


def test_the_size_that_a_client_announces_must_be_right(appliance):
    image_id = appliance.create()
    assert refused(appliance.upload(image_id, iter([DATA]), **{"x-openstack-image-size": "many"}), 400)
    reply = appliance.upload(image_id, iter([DATA]), **{"x-openstack-image-size": str(len(DATA) + 1)})
    assert refused(reply, 400, str(len(DATA)))
    assert appliance.show(image_id)["status"] == "queued"
    reply = appliance.upload(image_id, iter([DATA]), **{"x-openstack-image-size": str(len(DATA))})
    assert reply.status == 204
    assert appliance.show(image_id)["size"] == len(DATA)


def test_a_connection_serves_one_request_after_another(appliance):
    connection = http.client.HTTPConnection("127.0.0.1", appliance.port, timeout=DEADLINE)
    image_id = appliance.create()
    for method, body in (("PUT", DATA), ("GET", None), ("HEAD", None), ("GET", None)):
        connection.request(method, f"/v2/images/{image_id}/file", body, {"Content-Type": "application/octet-stream"})
        reply = Reply(connection.getresponse())
        assert reply.status in (200, 204)
        socket = connection.sock
    assert reply.body == DATA
    assert socket is not None
    connection.close()


def test_an_image_is_saving_while_its_data_comes_and_takes_no_other(appliance):
    image_id = appliance.create()
    seen = []

    def pieces():
        yield DATA
        wait_until(lambda: appliance.show(image_id)["status"] == "saving", "the upload has begun")
        seen.append(appliance.upload(image_id, b"other"))
        seen.append(download(appliance, image_id))
        yield DATA

    assert appliance.upload(image_id, pieces()).status == 204
    assert refused(seen[0], 409, "saving")
    assert seen[1].status == 204
    assert download(appliance, image_id).body == 2 * DATA


def test_many_images_are_uploaded_and_downloaded_at_once(appliance):
    def round_trip(number):
        data = bytes([number]) * (3 << 20) + DATA
        image_id = appliance.create()
        assert appliance.upload(image_id, data).status == 204
        assert appliance.show(image_id)["checksum"] == hashlib.md5(data).hexdigest()
        assert download(appliance, image_id).body == data
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(round_trip, range(1, 17)))


def test_one_transfer_too_many_is_asked_to_come_again(make_appliance):
    appliance = make_appliance("[server]\nmax_transfers = 1\n").start()
    first, second = appliance.create(), appliance.create()
    seen = []

    def pieces():
        yield DATA
        wait_until(lambda: appliance.show(first)["status"] == "saving", "the upload has begun")
        seen.append(appliance.upload(second, DATA))
        yield DATA

    assert appliance.upload(first, pieces()).status == 204
    assert refused(seen[0], 429, "max_transfers")
    assert appliance.show(second)["status"] == "queued"
    assert appliance.upload(second, DATA).status == 204


def test_an_upload_to_an_image_that_is_deleted_meanwhile_ends(appliance):
    image_id = appliance.create()

    def pieces():
        yield DATA
        wait_until(lambda: appliance.show(image_id)["status"] == "saving", "the upload has begun")
        assert appliance.request("DELETE", f"/v2/images/{image_id}").status == 204
        yield DATA

    assert refused(appliance.upload(image_id, pieces()), 410, "deleted")
    assert not appliance.store.ids(appliance) and not appliance.store.leftovers(appliance)


def test_an_upload_that_breaks_off_leaves_the_image_waiting(appliance):
    image_id = appliance.create()
    connection = http.client.HTTPConnection("127.0.0.1", appliance.port, timeout=DEADLINE)
    connection.putrequest("PUT", f"/v2/images/{image_id}/file")
    connection.putheader("Content-Type", "application/octet-stream")
    connection.putheader("Content-Length", str(1 << 20))
    connection.endheaders(DATA)
    wait_until(lambda: appliance.show(image_id)["status"] == "saving", "the upload has begun")
    connection.close()
    wait_until(lambda: appliance.show(image_id)["status"] == "queued", "the upload is given up")
    assert appliance.get(f"/api/images/{image_id}").json["status_reason"] != ""
    assert appliance.upload(image_id, DATA).status == 204
    assert download(appliance, image_id).body == DATA
