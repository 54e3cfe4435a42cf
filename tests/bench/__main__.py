import sys

from tests.bench.cutout import cutout
from tests.bench.fanout import fanout
from tests.bench.figures import print_figures
from tests.bench.files import files
from tests.bench.providers import providers
from tests.bench.split import splitting
from tests.bench.startup import startup


def main() -> None:
    sys.exit(
        0
        if print_figures([*startup(), *fanout(), *providers(), *splitting(), *files(), *cutout()])
        else 1
    )


if __name__ == "__main__":
    main()
