import pytest
from appliance import Appliance
from keystone import Keystone
from sites import SITES, keystone_site
from stored_bytes import CephCluster


HAS_FAILED = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--store", choices=["file", "rbd"], default="file", help="type of the appliances' store")


# Files and tests, with the reason, that run on a build without sanitizers, one after another and nothing else at the
# same time, because they measure or load the machine. All others run in parallel on the build for AddressSanitizer.
MEASURED = {
    "test_attack_load.py": "counts memory and threads while hundreds of clients load the machine",
    "test_clock.py": "preloads libfaketime, which does not work with AddressSanitizer",
    "test_attack_input.py::test_headers_without_end_are_refused": "measures memory",
    "test_live.py::test_two_hundred_listeners_take_no_thread_and_leave_nothing_behind": "counts threads",
    "test_sign_in.py::test_ten_thousand_attempts_neither_get_in_nor_take_the_memory": "measures memory",
    "test_tls.py::test_hundreds_of_slow_handshakes_delay_nobody": "measures memory and counts threads",
    "test_tus_resume.py::test_a_large_upload_takes_little_memory": "measures memory",
}


def pytest_configure(config):
    config.addinivalue_line("markers", "file_store: needs a store of files")
    config.addinivalue_line("markers", "measured: one of MEASURED in tests/system/conftest.py")
    config.addinivalue_line("markers", "xdist_group: one worker of pytest-xdist runs all tests of the group")


def server_of(item):
    """Returns the slow server that the test needs, or None. One worker runs all tests of a server."""
    if "ceph" in item.fixturenames:
        return "ceph"
    site = item.callspec.params.get("site", "") if hasattr(item, "callspec") else ""
    return "keystone" if "keystone" in item.fixturenames or site.startswith("keystone") else None


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(config, items):
    for item in items:
        file = item.path.name
        if file in MEASURED or f"{file}::{item.originalname}" in MEASURED:
            item.add_marker("measured")
        item.add_marker(pytest.mark.xdist_group(server_of(item) or file))
    # One worker runs all tests of Ceph, and one all of Keystone. They begin first, so that nobody waits for them at the
    # end.
    items.sort(key=lambda item: ["ceph", "keystone", None].index(server_of(item)))
    if config.getoption("--store") == "file":
        return
    skip = pytest.mark.skip(reason="needs a store of files")
    for item in items:
        if item.get_closest_marker("file_store") or "pin" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item):
    report = (yield).get_result()
    if report.failed:
        item.stash[HAS_FAILED] = True


@pytest.fixture(scope="session", autouse=True)
def store_of_the_tests(request, tmp_path_factory):
    """Sets the store of appliances whose settings name none, as --store says."""
    if request.config.getoption("--store") == "file":
        yield
        return
    cluster = CephCluster(tmp_path_factory.mktemp("ceph") / "c")
    Appliance.store = cluster
    yield
    cluster.down()


@pytest.fixture(scope="session")
def ceph(request, tmp_path_factory):
    """A Ceph cluster that only the tests use."""
    if isinstance(Appliance.store, CephCluster):
        yield Appliance.store
        return
    cluster = CephCluster(tmp_path_factory.mktemp("ceph") / "c")
    yield cluster
    cluster.down()


@pytest.fixture
def make_appliance(request, tmp_path):
    """Creates appliances. They end with the test, even if it fails, and their folders are removed. Fails the test if a
    sanitizer has reported an error."""
    made = []

    def make(settings="", name=None, **more):
        appliance = Appliance(tmp_path / (name or f"appliance-{len(made)}"), settings, **more)
        made.append(appliance)
        return appliance

    yield make
    reports = []
    for appliance in made:
        appliance.kill()
        reports += appliance.sanitizer_reports()
        if request.node.stash.get(HAS_FAILED, False) and appliance.log_file.exists():
            print(f"The last lines of {appliance.log_file}:\n" + "\n".join(appliance.log.splitlines()[-40:]))
        appliance.remove()
    assert not reports


@pytest.fixture
def appliance(make_appliance, request):
    """A running appliance with the default settings. It uses https if an indirect parameter of the test says so."""
    return make_appliance(https=getattr(request, "param", "http") == "https").start()


@pytest.fixture(scope="session")
def keystone(tmp_path_factory):
    """A real Keystone, which all tests share, so each test must leave it running."""
    made = Keystone(tmp_path_factory.mktemp("keystone"))
    yield made
    made.stop()


@pytest.fixture(scope="module", params=[*SITES, "keystone-http"])
def site(request, tmp_path_factory):
    """A site with accounts, which all tests of a file share, so a test may change only its own images."""
    folder = tmp_path_factory.mktemp("site")
    if request.param.startswith("keystone"):
        made = keystone_site(folder, request.getfixturevalue("keystone"))
    else:
        made = SITES[request.param](folder)
    yield made
    made.appliance.kill()
    reports = made.appliance.sanitizer_reports()
    made.appliance.remove()
    assert not reports
