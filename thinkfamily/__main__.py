"""``python -m thinkfamily``: the same as the ``thinkfamily`` command."""

from thinkfamily.cli import main

main()
