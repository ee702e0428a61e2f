import pytest
from appliance import Appliance
from keystone import Keystone
from sites import SITES, keystone_site
from stored_bytes import CephCluster


def pytest_addoption(parser):
    parser.addoption("--store", choices=["file", "rbd"], default="file", help="where the appliances keep their bytes")


def pytest_configure(config):
    config.addinivalue_line("markers", "file_store: what only a store of files can show")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--store") == "file":
        return
    skip = pytest.mark.skip(reason="needs a store of files")
    for item in items:
        if item.get_closest_marker("file_store") or "pin" in getattr(item, "fixturenames", ()):
            item.add_marker(skip)


@pytest.fixture(scope="session", autouse=True)
def store_of_the_tests(request, tmp_path_factory):
    """The store that appliances have whose settings name none: --store."""
    if request.config.getoption("--store") == "file":
        yield
        return
    cluster = CephCluster(tmp_path_factory.mktemp("ceph") / "c")
    Appliance.store = cluster
    yield
    cluster.down()


@pytest.fixture(scope="session")
def ceph(request, tmp_path_factory):
    """A Ceph cluster of the tests' own."""
    if isinstance(Appliance.store, CephCluster):
        yield Appliance.store
        return
    cluster = CephCluster(tmp_path_factory.mktemp("ceph") / "c")
    yield cluster
    cluster.down()


@pytest.fixture
def make_appliance(tmp_path):
    """Makes appliances that are ended with the test, whatever it does."""
    made = []

    def make(settings="", name=None, **more):
        appliance = Appliance(tmp_path / (name or f"appliance-{len(made)}"), settings, **more)
        made.append(appliance)
        return appliance

    yield make
    for appliance in made:
        appliance.kill()


@pytest.fixture
def appliance(make_appliance, request):
    """A running appliance with the settings of the first start. A test that has it
    parametrized with "http" and "https", indirectly, gets it over both."""
    return make_appliance(https=getattr(request, "param", "http") == "https").start()


@pytest.fixture(scope="session")
def keystone(tmp_path_factory):
    """A real Keystone, for all tests that need one: each leaves it running."""
    made = Keystone(tmp_path_factory.mktemp("keystone"))
    yield made
    made.stop()


@pytest.fixture(scope="module", params=[*SITES, "keystone-http"])
def site(request, tmp_path_factory):
    """A site with accounts, for all tests of a file: each leaves the others' images alone."""
    folder = tmp_path_factory.mktemp("site")
    if request.param.startswith("keystone"):
        made = keystone_site(folder, request.getfixturevalue("keystone"))
    else:
        made = SITES[request.param](folder)
    yield made
    made.appliance.kill()
