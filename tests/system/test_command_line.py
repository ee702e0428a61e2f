"""Commands that need no appliance, and the behaviour that all commands share."""

import json
import os
import subprocess

import pytest
from appliance import BINARY
from deadline import DEADLINE

COMMANDS = [[], ["serve"], ["trash"], ["trash", "list"], ["trash", "show"], ["trash", "restore"], ["trash", "purge"],
            ["trash", "empty"], ["scrub"], ["check"], ["user"], ["user", "create"], ["user", "list"],
            ["user", "show"], ["user", "set"], ["user", "delete"], ["user", "role"], ["user", "role", "add"],
            ["user", "role", "remove"], ["project"], ["project", "create"], ["project", "list"], ["project", "set"],
            ["project", "delete"], ["token"], ["token", "create"], ["token", "list"], ["token", "delete"],
            ["check-config"], ["print-config"], ["version"]]


def reprieve(*arguments, environment=None, input=""):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, timeout=DEADLINE, input=input,
                          env={**os.environ, **(environment or {})})


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_teaches_what_a_command_does(command):
    done = reprieve(*command, "--help")
    assert done.returncode == 0 and done.stderr == ""
    assert "Usage" in done.stdout
    assert len(done.stdout.splitlines()) > 4


def test_help_shows_a_first_step_and_the_exit_codes():
    text = reprieve("--help").stdout
    assert "127.0.0.1:9292" in text and "trash restore" in text and "openstack" in text
    assert "0 done, 1 failed, 2 wrong use" in text


@pytest.mark.parametrize("arguments", [["--nonsense"], ["nonsense"], ["trash"], ["trash", "nonsense"],
                                       ["trash", "show"], ["trash", "restore"], ["trash", "purge"],
                                       ["trash", "list", "--nonsense"], ["trash", "show", "a", "b"],
                                       ["scrub", "--repair"], ["check", "--dry-run"], ["version", "twice"],
                                       ["--config"], ["trash", "list", "--yes"], ["user"], ["user", "create"],
                                       ["user", "create", "a", "--password", "b"], ["user", "role"],
                                       ["user", "create", "a", "--role", "king"], ["project", "delete"],
                                       ["token", "create"],
                                       ["token", "create", "--user", "a", "--role", "king"]], ids=" ".join)
def test_wrong_use_ends_with_2_and_says_what_is_wrong(arguments, tmp_path):
    done = reprieve(*arguments, environment={"XDG_DATA_HOME": str(tmp_path)})
    assert done.returncode == 2, done
    assert done.stdout == "" and done.stderr
    assert list(tmp_path.iterdir()) == []


def test_version_is_said_in_text_and_json():
    text = reprieve("version").stdout.split()
    assert text[0] == "reprieve" and text[1][0].isdigit()
    assert json.loads(reprieve("version", "--json").stdout) == {"version": text[1]}
    assert reprieve("--version").stdout.split() == text


def test_errors_of_a_configuration_name_file_line_and_column(tmp_path):
    config = tmp_path / "mine.toml"
    for text, place, word in (("[trash]\nscrub_tim = 5\n", "2:1", "scrub_time"),
                              ("[trash]\nscrub_time = 'soon'\n", "2:14", "soon"),
                              ("[trash]\nscrub_pool_size = 0\n", "2:19", "1"),
                              ("[trash\n", "1:", ""),
                              ("[trsh]\n", "1:", "trash")):
        config.write_text(text)
        for command in ("check-config", "print-config", "serve", "scrub"):
            done = reprieve(command, "--config", str(config), "--data", str(tmp_path / "data"))
            assert done.returncode in (1, 2), done
            assert f"{config}:{place}" in done.stderr and word in done.stderr, done.stderr
    assert not (tmp_path / "data").exists()


def test_a_configuration_that_is_not_there_is_an_error(tmp_path):
    done = reprieve("check-config", "--config", str(tmp_path / "none.toml"))
    assert done.returncode == 1 and "none.toml" in done.stderr


def test_a_good_configuration_is_said_to_be_good(tmp_path):
    config = tmp_path / "mine.toml"
    config.write_text("[trash]\nscrub_time = '3d'\n")
    done = reprieve("check-config", "--config", str(config))
    assert done.returncode == 0 and "mine.toml" in done.stdout
    assert json.loads(reprieve("check-config", "--json").stdout) == {"valid": True}


def test_the_printed_configuration_is_one_that_can_be_used(tmp_path):
    config, printed = tmp_path / "mine.toml", tmp_path / "printed.toml"
    config.write_text("[trash]\nscrub_time = '3d'\n")
    text = reprieve("print-config", "--config", str(config)).stdout
    assert "scrub_time = " in text and "[server]" in text
    printed.write_text(text)
    assert reprieve("print-config", "--config", str(printed)).stdout == text


def test_a_folder_without_an_appliance_is_named_in_the_error(tmp_path):
    for command in (["trash", "list"], ["scrub"], ["check"], ["user", "list"], ["project", "list"], ["token", "list"]):
        done = reprieve(*command, "--data", str(tmp_path / "nowhere"))
        assert done.returncode == 1 and str(tmp_path / "nowhere") in done.stderr
    assert not (tmp_path / "nowhere").exists()
