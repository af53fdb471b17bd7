from __future__ import annotations

from pathlib import Path

import pytest

from viewer.options import read_options
from viewer.ui.theme import ThemeChoice


@pytest.mark.parametrize("files", [[], ["a.yaml"], ["a.yaml", "b c/d.json"]])
def test_files_alone_are_read_as_the_parser_reads_them(files: list[str]) -> None:
    plain, parsed = read_options(files), read_options(["--", *files])
    assert list(plain.files) == list(parsed.files) == [Path(name) for name in files]
    for name in ("diff", "theme", "new_instance", "screenshot", "size", "select", "tab"):
        assert getattr(plain, name) == getattr(parsed, name)


def test_every_option_arrives() -> None:
    picture = ["--screenshot", "o.png", "--size", "800x600", "--select", "3"]
    tabs = ["--tab", "request/body", "--tab", "response/yaml"]
    options = read_options([*picture, *tabs, "--new-instance", "--theme", "dark", "a.yaml"])
    assert options.screenshot == Path("o.png")
    assert options.size == (800, 600)
    assert options.select == 3
    assert options.tab == ["request/body", "response/yaml"]
    assert options.new_instance
    assert options.theme == "dark"
    assert options.files == [Path("a.yaml")]
    assert read_options(["--diff", "a", "b"]).diff == [Path("a"), Path("b")]
    assert read_options([]).tab == []


@pytest.mark.parametrize("choice", ThemeChoice)
def test_every_theme_can_be_asked_for(choice: ThemeChoice) -> None:
    assert read_options(["--theme", choice.value]).theme == choice.value


@pytest.mark.parametrize(
    "wrong",
    [
        *("--size 0x9", "--size 800", "--theme blue", "--wrong", "--diff a", "--diff a b c"),
        *("--size 9x9 a", "--select 0 a", "--tab yaml a"),
    ],
)
def test_what_is_wrong_is_refused(wrong: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(wrong.split())
    assert "cassette-viewer" in capsys.readouterr().err
