import os
from pathlib import Path

import pytest

from core.adapters.cutout.memory import available, total

MIB = 2**20
MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@pytest.fixture
def write(tmp_path: Path):
    def write(path: str, text: str) -> None:
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    return write


def test_without_control_groups_it_is_the_machines(tmp_path):
    assert total(tmp_path) == MACHINE


def test_in_a_container_its_limit_counts(tmp_path, write):
    write("proc/self/cgroup", "0::/\n")
    write("sys/fs/cgroup/memory.max", f"{64 * MIB}\n")
    assert total(tmp_path) == 64 * MIB


def test_a_container_without_a_limit_has_the_machines(tmp_path, write):
    write("proc/self/cgroup", "0::/\n")
    write("sys/fs/cgroup/memory.max", "max\n")
    assert total(tmp_path) == MACHINE


@pytest.mark.parametrize("group", ["system.slice", "system.slice/omniimage.service"])
def test_a_service_is_held_by_every_group_above_it(tmp_path, write, group):
    write("proc/self/cgroup", "0::/system.slice/omniimage.service\n")
    write("sys/fs/cgroup/system.slice/omniimage.service/memory.max", "max\n")
    write(f"sys/fs/cgroup/{group}/memory.max", f"{64 * MIB}\n")
    assert total(tmp_path) == 64 * MIB


def test_the_first_version_of_control_groups_counts_as_well(tmp_path, write):
    write("proc/self/cgroup", "5:cpu,cpuacct:/docker/x\n4:memory:/docker/x\n")
    write("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n")
    write("sys/fs/cgroup/memory/docker/x/memory.limit_in_bytes", f"{64 * MIB}\n")
    assert total(tmp_path) == 64 * MIB


def test_what_makes_no_sense_is_passed_over(tmp_path, write):
    write("proc/self/cgroup", "nonsense\n")
    write("sys/fs/cgroup/memory.max", "a lot\n")
    assert total(tmp_path) == MACHINE


def test_what_is_free_is_what_the_machine_can_give(tmp_path, write):
    write("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  10 kB\nMemAvailable:  300 kB\n")
    assert available(tmp_path) == 300 * 2**10


@pytest.mark.parametrize(
    ("group", "base", "names"),
    [
        ("0::/", "sys/fs/cgroup", ("memory.max", "memory.current", "inactive_file")),
        (
            "4:memory:/",
            "sys/fs/cgroup/memory",
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ),
    ],
    ids=["version 2", "version 1"],
)
def test_in_a_container_what_its_limit_leaves_is_free(tmp_path, write, group, base, names):
    """Cached files give way, so they count as free."""
    limit, used, cached = names
    write("proc/meminfo", f"MemAvailable: {2**20} kB\n")
    write("proc/self/cgroup", f"{group}\n")
    write(f"{base}/{limit}", f"{64 * MIB}\n")
    write(f"{base}/{used}", f"{40 * MIB}\n")
    write(f"{base}/memory.stat", f"anon 7\n{cached} {10 * MIB}\nfile 9\n")
    assert available(tmp_path) == 34 * MIB


def test_where_nothing_says_what_is_free_nothing_is_known(tmp_path):
    assert available(tmp_path) is None
