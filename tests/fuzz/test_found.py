"""What fuzzing found, and some seeds with a few bytes changed, through the same targets without Atheris."""

from __future__ import annotations

import random
import time
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.fuzz.findings import Findings, failure_of, minimised, name_of
from tests.fuzz.sequences import SETTINGS, CassetteMachine
from tests.fuzz.target import BrokenRuleError, Choices, ensure
from tests.fuzz.targets import TARGETS

FOUND = sorted((Path(__file__).parent / "found").iterdir())
# Every format is fuzzed by name too.
NAMES = [name for name in TARGETS if name != "cassette"]
_SEEDS = 4
_MUTATIONS = 3
# In processor time, on the slowest machine; those that hung took minutes.
_SLOW = 5.0


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name)
def test_what_was_found_stays_mended(path: Path) -> None:
    started = time.process_time()
    TARGETS[path.name.partition("--")[0]].check(path.read_bytes())
    assert time.process_time() - started < _SLOW


@pytest.mark.parametrize("name", NAMES)
def test_seeds_and_their_mutations(name: str) -> None:
    target = TARGETS[name]
    chance = random.Random(name)
    for seed in islice(target.seeds(), _SEEDS):
        target.check(seed)
        for _ in range(_MUTATIONS):
            target.check(mutated(seed, target.words, chance))


def mutated(data: bytes, words: tuple[str, ...], chance: random.Random) -> bytes:
    """`data` with one to three stretches changed."""
    for _ in range(chance.randint(1, 3)):
        start = chance.randrange(len(data) + 1)
        new = chance.choice([b"", chance.randbytes(2), chance.choice(words or ("",)).encode()])
        data = data[:start] + new + data[start + chance.choice((0, 1, 9)) :]
    return data


@pytest.mark.usefixtures("qapp")
def test_sequences_of_steps() -> None:
    """Twelve of them; `python -m tests.fuzz.run sequences` makes more."""
    run_state_machine_as_test(CassetteMachine, settings=settings(SETTINGS, max_examples=12))


# --- the tools themselves


def test_choices_come_from_the_end_and_run_out() -> None:
    choices = Choices(b"text\x02\x03", 2)
    assert choices.rest == b"text"
    assert (choices.number(10), choices.left, choices.number(2), choices.left, choices.number(9)) == (
        2,
        1,
        1,
        0,
        0,
    )
    assert Choices(b"x", 2).rest == b""


def no_a_behind_b(data: bytes) -> None:
    ensure(b"b" not in data or b"a" not in data.partition(b"b")[2], "there is no a behind a b", data)


def test_a_finding_is_kept_once_and_at_its_smallest(tmp_path: Path) -> None:
    findings = Findings(tmp_path)
    for data in (b"bxxa", b"bxa", b"bxxxa"):
        with pytest.raises(BrokenRuleError) as caught:
            no_a_behind_b(data)
        findings.keep(data, caught.value)
    (kept,) = (path for path in tmp_path.iterdir() if path.suffix != ".txt")
    assert kept.read_bytes() == b"bxa"
    assert kept.name == name_of(caught.value)
    assert "there is no a behind a b" in kept.with_name(f"{kept.name}.txt").read_text()


def test_an_input_is_minimised_while_it_fails_in_the_same_way() -> None:
    assert failure_of(no_a_behind_b, b"ab") == ""
    assert minimised(no_a_behind_b, b"much in front, b, much between, a, and more") == b"ba"
