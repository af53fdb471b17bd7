"""Re-spells every string scalar of every corpus file and counts what comes out identical.

    python -m tests.bench.spelling [--format NAME] [--misses N] [CORPUS]

The writer is measured from the file and then given value, tag and place, never the old spelling. The table has a row
for each format and style; bodies are counted apart. A miss must still load as the same value, which is tried in its
file. The last column leaves out files that a person or a script changed behind the writer; they are listed below the
table, with what shows it. `--misses` lists up to N of the others for each row.
"""

from __future__ import annotations

import argparse
import gzip
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from tests.conftest import CORPUS
from viewer.cassette import json_text
from viewer.cassette.node import Scalar
from viewer.cassette.spelling import PLAIN_TAGS, is_block
from viewer.cassette.spelling.detect import choose_writer
from viewer.cassette.spelling.places import Found, scalars
from viewer.cassette.yaml_text import parse_all, resolved_tag

FORMATS = {
    "go-vcr-v1": "go-vcr v1",
    "go-vcr-v2": "go-vcr v2",
    "seed": "go-vcr v2",
    "vcrpy-yaml": "vcrpy",
    "vcrpy-gz": "vcrpy",
    "vcrpy-0x": "vcrpy",
    "vcrpy-json": "vcrpy",
    "pydantic-ai": "pydantic-ai",
    "ruby-vcr": "Ruby VCR",
    "ruby-vcr-json": "Ruby VCR",
    "r-vcr": "R vcr",
    "php-vcr": "php-vcr",
    "betamax-json": "Betamax",
    "polly-har": "Polly.js",
    "har": "HAR",
    "easyvcr-json": "EasyVCR",
    "exvcr-json": "ExVCR",
    "rvcr-json": "rvcr",
}
_BODY_KEYS = frozenset({"body", "string", "base64_string", "text", "raw_gzip", "Body"})
_STYLES = {"": "plain", "'": "single-quoted", '"': "double-quoted", "|": "literal", ">": "folded"}


_FOLDED_BEFORE = "something was replaced after the lines had been folded: they break before the width"
_OWN_SCRIPT = "made by the project's own script: request bodies are literal blocks, response bodies quoted"
_BY_HAND = "written or edited by hand: "
EXCEPTIONS = {
    "TestFirewallDevice_Delete.yaml": _FOLDED_BEFORE,
    "TestInstance_Disk_ListMultiple_Secondary.yaml": _FOLDED_BEFORE,
    "TestInstance_Disks_List_WithEncryption.yaml": _FOLDED_BEFORE,
    "TestLKECluster_APIEndpoints_List.yaml": _FOLDED_BEFORE,
    "TestMonitorAlertDefinition.yaml": _FOLDED_BEFORE,
    "TestMonitorServicesTokenCreation_Get.yaml": _FOLDED_BEFORE,
    "TestAgentEvaluator.test_failed_evaluation.yaml": _FOLDED_BEFORE,
    "TestSpaceAPIProduction.test_manage_secrets.yaml": _FOLDED_BEFORE,
    "TestSpaceAPIProduction.test_manage_variables.yaml": _FOLDED_BEFORE,
    "Scenario_Create_a_new_dashboard_with_iframe_widget.yaml": _OWN_SCRIPT,
    "Scenario_Get_a_synthetics_monitors_details.yaml": _OWN_SCRIPT,
    "Scenario_Create_or_update_service_definition_using_schema_v2-1_returns_CREATED_response.yaml": _OWN_SCRIPT,
    "TestAWSLogsLambdaCheckErrors.yaml": _BY_HAND + '"0ms" is quoted without need',
    "conversations_list_items_setup.yml": _BY_HAND + "Psych double-quotes {}",
    "new_cassette.yaml": _BY_HAND + "quoted without need",
    "domain_redirect.yaml": _BY_HAND + "every value is quoted",
    "bedrock_converse_score.yaml": _BY_HAND + "one line goes beyond the width of all others",
    "deepseek_completion.yaml": _BY_HAND + "one line goes beyond the width of all others",
    "test_prompt_content_filtering.yaml": _BY_HAND + "indented by tabs",
    "test_langgraph_metrics.yaml": _BY_HAND + "base64 in lines of different lengths",
    "test_get_dataset_by_version.yaml": _BY_HAND + "the lines of a CSV, which read back as one",
}
"""Files in which somebody other than a writer had a hand, by name, and what shows it."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A scalar that came out otherwise; `reason` where it stands in EXCEPTIONS, `same_value` if it loads the same."""

    path: str
    old: str
    new: str
    reason: str
    same_value: bool


@dataclass(slots=True)
class Row:
    """One line of the table."""

    same: int = 0
    misses: list[Miss] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.same + len(self.misses)

    @property
    def unexplained(self) -> list[Miss]:
        """Misses that no exception stands for."""
        return [miss for miss in self.misses if not miss.reason]

    @property
    def share(self) -> float:
        """How much came out identical."""
        return self.same / self.total

    @property
    def writers_share(self) -> float:
        """How much of what a writer wrote came out identical, exceptions left out."""
        return self.same / (self.same + len(self.unexplained) or 1)


Table = dict[tuple[str, str], Row]


def style_of(found: Found) -> str:
    """The row a scalar counts in."""
    style = found.scalar.style
    lines = "multi-line " if style not in ("|", ">") and "\n" in found.text else ""
    tag = f"{found.scalar.tag} " if found.scalar.tag else ""
    return ("body: " if found.key in _BODY_KEYS else "") + tag + lines + _STYLES[style]


def read_text(path: Path) -> str:
    """The text of a cassette file, newlines as LF, without BOM."""
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    return data.decode("utf-8-sig", "surrogateescape").replace("\r\n", "\n")


def is_string(scalar: Scalar) -> bool:
    """Whether a scalar counts: numbers and their like are written as they are."""
    return bool(scalar.style or scalar.tag or resolved_tag(scalar) not in PLAIN_TAGS | {"merge"})


def measure(corpus: Path, only: str = "") -> Table:
    """The table of all formats, or of the one named `only`."""
    table: Table = defaultdict(Row)
    for folder, format_name in FORMATS.items():
        if only in ("", format_name):
            for path in sorted(p for p in (corpus / folder).rglob("*") if p.is_file()):
                measure_file(path, format_name, corpus, table)
    return table


def measure_file(path: Path, format_name: str, corpus: Path, table: Table) -> None:
    """Count one file's scalars into `table`."""
    text = read_text(path)
    is_json = text.lstrip()[:1] in ("{", "[")
    name = f"{format_name} JSON" if is_json else format_name
    writer = choose_writer(format_name, text)
    for root in [json_text.parse(text)] if is_json else parse_all(text):
        for found in filter(lambda found: is_string(found.scalar), scalars(text, root)):
            spelled = writer.spell(found.scalar.value, found.tag, found.place)
            row = table[name, style_of(found)]
            if spelled == found.text:
                row.same += 1
            else:
                place, reason = path.relative_to(corpus).as_posix(), EXCEPTIONS.get(path.name, "")
                same = not is_json and loads_the_same(text, found, spelled)
                row.misses.append(Miss(place, found.text, spelled, reason, same))


def loads_the_same(text: str, found: Found, spelled: str) -> bool:
    """Whether a YAML file with the new spelling in place of the old one loads as before."""
    end = found.scalar.end
    before, after = text[: end - len(found.text)], text[end:]
    if is_block(spelled) and not is_block(found.text):
        after = after.removeprefix("\n")
    elif is_block(found.text) and not is_block(spelled):
        after = "\n" + after
    return bool(yaml.load(before + spelled + after, _Loader) == yaml.load(text, _Loader))


class _Loader(yaml.CSafeLoader):
    """Takes any tag for a plain string: what is compared are values."""


def _any_tag(loader: _Loader, suffix: str, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    return [suffix, str(node.value)]


_Loader.add_multi_constructor("", _any_tag)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS)
    parser.add_argument("--format", default="")
    parser.add_argument("--misses", type=int, default=0)
    options = parser.parse_args()
    started = time.perf_counter()
    table = measure(options.corpus, options.format)
    print(f"{'format':14} {'style':36} {'identical':>9}    {'all':>7} {'share':>9} {'of writers':>11}")
    for (name, style), row in sorted(table.items()):
        shares = f"{100 * row.share:7.2f} % {100 * row.writers_share:9.2f} %"
        print(f"{name:14} {style:36} {row.same:9} of {row.total:7} {shares}")
        for miss in row.unexplained[: options.misses]:
            print(f"    {miss.path}")
            print(f"      is   {_around(miss.old, miss.new)}\n      ours {_around(miss.new, miss.old)}")
    _print_reasons(table)
    print(f"{time.perf_counter() - started:.1f} s")


def _print_reasons(table: Table) -> None:
    misses = [miss for row in table.values() for miss in row.misses]
    lost = [miss for miss in misses if not miss.same_value]
    print(f"\n{len(misses)} scalars differ; {len(misses) - len(lost)} of them load as the same value.")
    for miss in lost:
        print(f"  other value: {miss.path}: {_around(miss.old, miss.new)}")
    counts = Counter((miss.path, miss.reason) for miss in misses if miss.reason)
    for (path, reason), count in sorted(counts.items()):
        print(f"  {count:3} in {path}: {reason}")


def _around(text: str, other: str) -> str:
    at = next(
        (i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other))
    )
    return f"@{at} of {len(text)}: {text[:20]!r} … {text[max(0, at - 40) : at + 40]!r}"


if __name__ == "__main__":
    main()
