import pytest
from appliance import Appliance


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
def appliance(make_appliance):
    """A running appliance with the settings of the first start."""
    return make_appliance().start()
