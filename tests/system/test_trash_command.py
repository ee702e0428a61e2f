"""`reprieve trash`, `scrub` and `check`, with a running and a stopped appliance."""

import json

import pytest
from bin_calls import bin_entry, bytes_on_disk, delete, make_due, some_bytes

NO_IMAGE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(params=["running", "stopped"])
def deleted(request, make_appliance):
    """An appliance, running or stopped, and the ids of its images by name. All except "kept" are in the bin; two have
    the name "twin"."""
    appliance = make_appliance().start()
    ids = {}
    for name in ("one", "two", "twin", "twin"):
        ids[name] = appliance.image_with(name.encode(), name=name)
        delete(appliance, ids[name])
    ids["kept"] = appliance.image_with(b"kept", name="kept")
    if request.param == "stopped":
        appliance.stop()
    return appliance, ids


def bin_names(appliance):
    return sorted(entry["name"] for entry in json.loads(appliance.cli("trash", "list", "--json").stdout)["trash"])


def is_running(appliance):
    return appliance.process.poll() is None


def test_the_bin_is_listed_for_people_and_for_programs(deleted):
    appliance, ids = deleted
    table = appliance.cli("trash", "list").stdout
    assert table.splitlines()[0].split()[0] == "ID"
    for name in ("one", "two", "twin"):
        assert any(ids[name] in line and name in line and "6 d 23 h" in line for line in table.splitlines())
    assert "kept" not in table
    assert bin_names(appliance) == ["one", "twin", "twin", "two"]


def test_one_image_is_shown_by_id_and_by_name(deleted):
    appliance, ids = deleted
    for word in ("one", ids["one"]):
        assert ids["one"] in appliance.cli("trash", "show", word).stdout
        entry = json.loads(appliance.cli("trash", "show", word, "--json").stdout)
        assert entry["id"] == ids["one"] and entry["scrub_after"] and entry["blocked"] is None


def test_images_are_restored_by_id_and_by_name(deleted):
    appliance, ids = deleted
    done = appliance.cli("trash", "restore", "one", ids["two"])
    assert ids["one"] in done.stdout and ids["two"] in done.stdout
    assert bin_names(appliance) == ["twin", "twin"]
    if not is_running(appliance):
        appliance.start()
    assert appliance.get(f"/v2/images/{ids['one']}/file").body == b"one"
    assert appliance.get(f"/v2/images/{ids['two']}/file").body == b"two"


def test_a_name_that_two_images_have_is_refused(deleted):
    appliance, ids = deleted
    for command in (["show"], ["restore"], ["purge", "--yes"]):
        done = appliance.cli("trash", *command, "twin", check=False)
        assert done.returncode == 1 and "twin" in done.stderr and "id" in done.stderr
    assert len(bin_names(appliance)) == 4


def test_what_is_not_in_the_bin_is_refused_and_does_not_stop_the_rest(deleted):
    appliance, ids = deleted
    for word in ("nobody", NO_IMAGE, ids["kept"], "kept"):
        done = appliance.cli("trash", "show", word, check=False)
        assert done.returncode == 1 and word in done.stderr
    done = appliance.cli("trash", "restore", "nobody", "one", check=False)
    assert done.returncode == 1 and "nobody" in done.stderr and ids["one"] in done.stdout
    assert bin_names(appliance) == ["twin", "twin", "two"]


@pytest.mark.parametrize("answer", ["", "n\n", "no\n", "perhaps\n"])
def test_without_a_yes_nothing_is_scrubbed(deleted, answer):
    appliance, ids = deleted
    for command in (["purge", "one"], ["empty"]):
        done = appliance.cli("trash", *command, check=False, input=answer)
        assert done.returncode == 1 and "[y/N]" in done.stderr
    assert len(bin_names(appliance)) == 4
    assert bytes_on_disk(appliance, ids["one"]).exists()


@pytest.mark.parametrize("options, answer", [([], "y\n"), (["--yes"], "")], ids=["asked", "told"])
def test_a_purge_scrubs_for_good(deleted, options, answer):
    appliance, ids = deleted
    appliance.cli("trash", "purge", "one", ids["two"], *options, input=answer)
    assert bin_names(appliance) == ["twin", "twin"]
    assert not bytes_on_disk(appliance, ids["one"]).exists()
    assert not bytes_on_disk(appliance, ids["two"]).exists()
    assert appliance.cli("trash", "purge", "one", "--yes", check=False).returncode == 1


def test_the_bin_is_emptied(deleted):
    appliance, ids = deleted
    report = json.loads(appliance.cli("trash", "empty", "--yes", "--json").stdout)
    assert (report["images"], report["failures"]) == (4, 0)
    assert bin_names(appliance) == []
    assert "empty" in appliance.cli("trash", "list").stdout
    assert appliance.store.ids(appliance) == {ids["kept"]}
    assert appliance.cli("trash", "empty").returncode == 0


def test_a_scrub_by_hand_leaves_what_is_not_due(deleted):
    appliance, ids = deleted
    for options in ([], ["--dry-run"]):
        report = json.loads(appliance.cli("scrub", "--json", *options).stdout)
        assert report["images"] == 0 and report["failures"] == 0
    assert len(bin_names(appliance)) == 4


def test_looking_at_a_stopped_appliance_scrubs_nothing_and_a_scrub_does(appliance):
    image = appliance.image_with(some_bytes(10_000))
    delete(appliance, image)
    appliance.kill()
    make_due(appliance)
    assert image in appliance.cli("trash", "list").stdout
    dry = appliance.cli("scrub", "--dry-run").stdout
    assert "would scrub 1" in dry and image in dry
    assert bytes_on_disk(appliance, image).exists()
    done = appliance.cli("scrub").stdout
    assert "scrubbed 1" in done and image in done
    assert not bytes_on_disk(appliance, image).exists()
    assert image not in appliance.cli("trash", "list").stdout


@pytest.mark.parametrize("is_running", [True, False], ids=["running", "stopped"])
def test_a_check_finds_what_is_amiss_and_repairs_what_it_can(make_appliance, is_running):
    appliance = make_appliance().start()
    good, missing, short, gone = (appliance.image_with(b"data") for _ in range(4))
    delete(appliance, gone)
    assert appliance.request("DELETE", f"/api/trash/{gone}").status == 204
    if not is_running:
        appliance.stop()
    assert appliance.cli("check").returncode == 0
    bytes_on_disk(appliance, missing).unlink()
    bytes_on_disk(appliance, short).write_bytes(b"da")
    bytes_on_disk(appliance, gone).write_bytes(b"leftover")
    bytes_on_disk(appliance, NO_IMAGE).write_bytes(b"nobody's")

    def findings(*options):
        done = appliance.cli("check", "--json", *options, check=False)
        assert done.returncode == 1
        return {f["image_id"]: (f["kind"], f["repair"]) for f in json.loads(done.stdout)["first_findings"]}

    found = findings()
    assert {image: kind for image, (kind, _) in found.items()} == {
        missing: "missing", short: "wrong_size", gone: "orphaned", NO_IMAGE: "orphaned"}
    assert bytes_on_disk(appliance, gone).exists()

    assert all(repair for _, repair in findings("--repair").values())
    assert set(findings()) == {missing, short}
    assert not bytes_on_disk(appliance, gone).exists()
    if not is_running:
        appliance.start()
    # A repair never deletes bytes without an image; it puts them into the bin.
    assert bin_entry(appliance, NO_IMAGE)["name"] == f"recovered-{NO_IMAGE}"
    assert appliance.request("POST", f"/api/trash/{NO_IMAGE}/restore").status == 200
    assert appliance.get(f"/v2/images/{NO_IMAGE}/file").body == b"nobody's"
    assert "data" in appliance.get(f"/api/images/{missing}").json["status_reason"]
    reply = appliance.get(f"/v2/images/{missing}/file")
    assert reply.status >= 400 and "check" in reply.json["message"]
    assert appliance.get(f"/v2/images/{good}/file").body == b"data"


def test_a_name_cannot_speak_to_the_terminal(appliance):
    name = "evil\x1b]0;title\x07\x9b31m\u202e"
    image = appliance.image_with(b"data", name=name)
    delete(appliance, image)
    outputs = [appliance.cli("trash", "list"), appliance.cli("trash", "show", image),
               appliance.cli("trash", "show", name + "x", check=False), appliance.cli("trash", "restore", image)]
    for done in outputs:
        text = done.stdout + done.stderr
        assert "evil" in text
        assert not any(c in text for c in "\x1b\x07\x9b\u202e"), repr(text)


def test_a_second_appliance_on_the_same_data_is_refused(appliance):
    done = appliance.cli("serve", "--listen", "127.0.0.1:0", check=False)
    assert done.returncode == 1
    assert str(appliance.data) in done.stderr and str(appliance.process.pid) in done.stderr
    assert "--data" in done.stderr
    assert appliance.get("/healthz").status == 200
