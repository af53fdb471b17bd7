"""The `cassette` command, run as people run it."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cassette.samples import GO_VCR_V2
from viewer.cli import main, show
from viewer.cli.arguments import VIEWS
from viewer.cli.progress import Progress
from viewer.resources import resource

EXAMPLE = resource("examples/say-hi-in-portuguese.yaml")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "two.yaml"
    path.write_text(GO_VCR_V2)
    return path


def out_of(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    assert main([str(argument) for argument in arguments]) == 0
    return capsys.readouterr().out


def test_every_view_can_be_asked_for() -> None:
    assert sorted(show._VIEWS) == list(VIEWS)


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith("cassette ")


def test_the_summary_of_the_example(capsys: pytest.CaptureFixture[str]) -> None:
    out = out_of(capsys, "show", EXAMPLE)
    assert "go-vcr v2, 1 interaction" in out
    assert "0 POST https://openrouter.ai/api/v1/chat/completions · 200 OK · 1.43 s" in out
    assert "moonshotai/kimi-k2-0905" in out
    assert "24 tokens" in out


@pytest.mark.parametrize(
    ("view", "said"),
    [
        ("request", '"model": "moonshotai/kimi-k2-0905"'),
        ("response", "Content-Type: text/event-stream"),
        ("yaml", "  - id: 0\n"),
        ("transcript", "Olá!\n"),
        ("conversation", "[user]\nSay hi in Portuguese"),
        ("events", 'text "á"'),
    ],
)
def test_each_view_as_text(capsys: pytest.CaptureFixture[str], view: str, said: str) -> None:
    assert said in out_of(capsys, "show", EXAMPLE, "-i", 0, "--as", view)


@pytest.mark.parametrize(
    "view", ["summary", "request", "response", "yaml", "transcript", "conversation", "events"]
)
def test_each_view_as_json_is_a_line_an_interaction(
    capsys: pytest.CaptureFixture[str], file: Path, view: str
) -> None:
    lines = out_of(capsys, "show", file, "--as", view, "--json").splitlines()
    assert len([json.loads(line) for line in lines]) == 2


def test_numbers_are_shown_as_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    value = json.loads(out_of(capsys, "show", EXAMPLE, "--as", "transcript", "--json"))
    assert value["usage"]["cost"] == "0.000022"
    assert value["usage"]["total"] == 24


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "missing.yaml"], "no such file"),
        (["show", str(EXAMPLE), "-i", "1"], "no interaction 1"),
        (["edit", str(EXAMPLE), "-i", "7", "--set", "request.url=x"], "no interaction 7"),
        (["edit", str(EXAMPLE), "--set", "response.colour=red", "-o", os.devnull], "no 'response.colour'"),
        (["edit", str(EXAMPLE), "--set", "nonsense", "-o", os.devnull], "no NAME=VALUE"),
        (["edit", str(EXAMPLE), "--body", "response=@missing", "-o", os.devnull], "body cannot be read"),
    ],
)
def test_errors_go_to_standard_error_with_status_2(
    capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-i", "5"], "there is no interaction 5; there are 2"),
        (["-i", "5", "--insert-after", f"{EXAMPLE}:0"], "there is no interaction 5; there are 2"),
        (
            ["-i", "1", "--set", "response.code=abc"],
            "line {line}: 'abc' is no HTTP status. Give three digits.",
        ),
        (["--set", "request.method="], "'' is no HTTP method. Write one such as GET or POST."),
        (["--set", "request.method=a b"], "is no HTTP method"),
        (["--set", "request.url="], "a request without a URL never matches"),
    ],
)
def test_what_cannot_be_edited_names_file_line_and_remedy(
    capsys: pytest.CaptureFixture[str], file: Path, arguments: list[str], said: str
) -> None:
    """An insertion behind an interaction that was not there went to the end of the file."""
    assert main(["edit", str(file), *arguments]) == 2
    line = GO_VCR_V2.splitlines().index("    - id: 1") + 1
    error = capsys.readouterr().err
    assert str(file) in error
    assert said.format(line=line) in error
    assert file.read_text() == GO_VCR_V2


@pytest.mark.parametrize("command", ["show", "edit"])
def test_a_number_counts_entries_and_no_markers_in_quotes(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, command: str
) -> None:
    """The second of what looks like three entries is text in the first one's body."""
    file = tmp_path / "trap.yaml"
    request = "- request:\n    uri: {}\n    method: GET\n    headers: {{}}\n    body: null\n"
    entry = f"{request}  response:\n    status: {{{{code: 200}}}}\n"
    trap = entry.format("a").replace("body: null", 'body: "x\n\n- request: y"')
    file.write_text("interactions:\n" + entry.format("z") + trap + entry.format("b") + "version: 1\n")
    if command == "show":
        assert json.loads(out_of(capsys, "show", file, "-i", 2, "--as", "request", "--json"))["url"] == "b"
        return
    assert main(["edit", str(file), "-i", "2", "--set", "request.url=new"]) == 0
    assert [one["request"]["uri"] for one in yaml.safe_load(file.read_text())["interactions"]] == [
        "z",
        "a",
        "new",
    ]


def test_a_closed_or_full_output_is_no_crash(file: Path) -> None:
    """Both ended in a traceback."""
    for target, status, said in ((">&-", 0, b""), (">/dev/full", 2, b"No space left on device")):
        command = f"{sys.executable} -m viewer.cli show {file} {target}"
        result = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
        assert (result.returncode, b"Traceback" in result.stderr) == (status, False)
        assert said in result.stderr


def test_a_folder_stands_for_the_cassettes_in_it(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    """What else lies there was told as broken cassettes."""
    for name, text in (("README.md", "# a: b: c\n"), ("test_x.py", "a = {\n"), ("__init__.py", "")):
        (file.parent / name).write_text(text)
    assert main(["check", str(file.parent)]) == 0
    assert capsys.readouterr().err == ""
    (file.parent / "broken.yml").write_text("interactions:\n- a: b: c\n")
    assert main(["check", str(file.parent)]) == 2
    assert "broken.yml:2: error" in capsys.readouterr().err


def test_an_edit_without_a_change_writes_the_same_bytes(file: Path) -> None:
    assert main(["edit", str(file)]) == 0
    assert file.read_text() == GO_VCR_V2


def test_edits_by_their_names(file: Path, tmp_path: Path) -> None:
    body = tmp_path / "body.bin"
    body.write_bytes('{"é":1}'.encode())
    out = tmp_path / "out.yaml"
    arguments = ["edit", str(file), "-i", "0", "-o", str(out)]
    arguments += ["--set", "response.code=500", "--set", "request.headers.accept=text/plain"]
    arguments += [
        "--set",
        "request.headers.X-New=1",
        "--set",
        "request.url=http://h/",
        "--set",
        "request.method=PUT",
    ]
    arguments += [
        "--unset",
        "response.headers.Content-Type",
        "--body",
        f"request=@{body}",
        "--body",
        "response=hi",
    ]
    assert main(arguments) == 0
    interaction = yaml.safe_load(out.read_text())["interactions"][0]
    assert file.read_text() == GO_VCR_V2
    request, response = interaction["request"], interaction["response"]
    assert (request["url"], request["method"], request["body"]) == ("http://h/", "PUT", '{"é":1}')
    assert request["content_length"] == 8
    assert request["headers"]["Accept"] == ["text/plain"]
    assert request["headers"]["X-New"] == ["1"]
    assert (response["code"], response["status"]) == (500, "500 Internal Server Error")
    assert response["body"] == "hi"
    assert "Content-Type" not in response["headers"]


def test_interactions_are_deleted_and_inserted(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.yaml"
    assert main(["edit", str(file), "-i", "0", "--delete", "-o", str(out)]) == 0
    (only,) = yaml.safe_load(out.read_text())["interactions"]
    assert (only["id"], only["request"]["method"]) == (0, "GET")
    assert main(["edit", str(out), "-i", "0", "--insert-after", f"{file}:0"]) == 0
    interactions = yaml.safe_load(out.read_text())["interactions"]
    assert [(one["id"], one["request"]["method"]) for one in interactions] == [(0, "GET"), (1, "POST")]


@pytest.mark.parametrize(
    ("source", "said"),
    [("nonsense", "no FILE:N"), (f"{EXAMPLE}:5", "no interaction 5"), ("missing.yaml:0", "no such file")],
)
def test_what_cannot_be_inserted(
    capsys: pytest.CaptureFixture[str], file: Path, source: str, said: str
) -> None:
    assert main(["edit", str(file), "--insert-after", source]) == 2
    assert said in capsys.readouterr().err
    assert file.read_text() == GO_VCR_V2


def test_a_reason_alone(file: Path) -> None:
    assert main(["edit", str(file), "--set", "response.reason=Fine"]) == 0
    assert yaml.safe_load(file.read_text())["interactions"][0]["response"]["status"] == "200 Fine"


def test_check_tells_what_would_not_replay(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    assert main(["check", str(file)]) == 0
    assert "no problem found" in capsys.readouterr().out
    file.write_text(GO_VCR_V2.replace("content_length: 7", "content_length: 19"))
    assert main(["check", str(file)]) == 1
    line = GO_VCR_V2.splitlines().index("        content_length: 7") + 1
    assert f"{file}:{line}: warning: content_length of request 0 is 12 too large" in capsys.readouterr().out


def test_check_of_what_is_no_cassette(capsys: pytest.CaptureFixture[str], tmp_path: Path, file: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("interactions:\n- a: b: c\n")
    other = tmp_path / "other.yaml"
    other.write_text("a: 1\n")
    assert main(["check", str(broken), str(file)]) == 2
    captured = capsys.readouterr()
    assert "broken.yaml:2: error: mapping values are not allowed" in captured.err
    assert "two.yaml" in captured.out
    assert main(["check", str(other)]) == 2
    capsys.readouterr()
    other.rename(tmp_path / "elsewhere.yaml")
    broken.unlink()
    assert main(["check", str(tmp_path)]) == 0


def test_check_as_json(capsys: pytest.CaptureFixture[str], file: Path) -> None:
    file.write_text(GO_VCR_V2.replace("        method: GET\n", ""))
    assert main(["check", "--json", str(file)]) == 1
    (found,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (found["interaction"], found["severity"]) == (1, "error")


def test_a_closed_pipe_is_no_crash() -> None:
    command = f"{sys.executable} -m viewer.cli show {EXAMPLE} --as yaml | head -c 1"
    result = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
    assert result.stderr == b""


def test_a_bar_is_drawn_on_a_terminal_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("viewer.cli.progress._AFTER", 0.0)
    with Progress("reading") as progress:
        progress(0.5)
    assert capsys.readouterr().err == ""
    parent, child = pty.openpty()
    with os.fdopen(child, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        with Progress("reading") as progress:
            progress(0.5)
        monkeypatch.undo()
        drawn = os.read(parent, 1000)
    os.close(parent)
    assert b"reading [###############" in drawn
