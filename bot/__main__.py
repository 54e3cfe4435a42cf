import sys


def main() -> None:
    """The command `omniimage`. Ctrl-C counts from the first moment, while it still loads."""
    try:
        from bot.cli import run

        sys.exit(run(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
