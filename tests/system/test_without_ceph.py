"""A machine without Ceph's libraries: the same binary serves stores of files, and an rbd store says what to install."""

import subprocess

import pytest
from appliance import BINARY, Appliance
from bin_calls import delete, purge, restore, some_bytes
from deadline import DEADLINE

# Runs a command in a new mount namespace, in which the libraries are empty files.
HIDE = ["unshare", "--mount", "sh", "-c",
        'for name in librbd.so.1 librados.so.2; do for file in /lib/*/$name /usr/lib/$name /usr/local/lib/$name; do '
        'if [ -e "$file" ]; then mount --bind /dev/null "$(realpath "$file")" || exit 99; fi; done; done; exec "$@"',
        "sh"]
FILES = '[stores.local]\ntype = "file"\n'


@pytest.fixture
def hidden():
    """Prefix of a command, which hides the libraries from it."""
    if subprocess.run([*HIDE, "true"], capture_output=True).returncode != 0:
        pytest.skip("hiding libraries needs root and mount namespaces")
    check = "import ctypes; ctypes.CDLL('librbd.so.1')"
    assert subprocess.run([*HIDE, "/usr/bin/python3", "-c", check], capture_output=True).returncode != 0
    return HIDE


def test_files_are_served_without_ceph(make_appliance, hidden):
    data = some_bytes(5_000_000)
    appliance = make_appliance(FILES, prefix=hidden).start()
    image = appliance.image_with(data)
    before = appliance.show(image)
    assert appliance.get(f"/v2/images/{image}/file").body == data
    delete(appliance, image)
    assert restore(appliance, image) == before
    assert appliance.get(f"/v2/images/{image}/file", headers={"Range": "bytes=7-99"}).body == data[7:100]
    delete(appliance, image)
    purge(appliance, image)
    assert appliance.stop() == 0


def test_an_rbd_store_without_ceph_says_what_to_install(tmp_path, hidden):
    appliance = Appliance(tmp_path, FILES + '[stores.ceph]\ntype = "rbd"\n')
    done = subprocess.run([*hidden, BINARY, "serve", "--config", appliance.config, "--data", appliance.data,
                           "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 1
    assert "the store 'ceph'" in done.stderr and "apt install librbd1" in done.stderr
    # The appliance must not have started to serve.
    assert "server.listening" not in done.stderr + done.stdout
