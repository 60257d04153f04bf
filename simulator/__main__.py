"""`python -m simulator`: the platform and its phones on one port; with `play`, a script on one that runs."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
import yaml
from pydantic import ValidationError

from simulator.accounts import read_accounts
from simulator.app import create_app
from simulator.play import play

_KEEP_ALIVE_S = 75
"""Longer than the clients here keep an idle connection, so that none is closed under a request."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped, or play a script; exits with status 2 when that cannot be done."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--gateway", default="http://127.0.0.1:8080", help="where to push to")
    parser.add_argument("--accounts", type=Path, default=Path("accounts.yml"))
    commands = parser.add_subparsers(dest="command")
    player = commands.add_parser("play", help="play a script on a running simulator")
    player.add_argument("script", help="a file, or the name of a shipped script")
    player.add_argument("--simulator", default="http://127.0.0.1:8082", help="where the simulator is")
    player.add_argument("--speed", type=float, default=1.0, help="how much shorter the pauses are")
    options = parser.parse_args(arguments)
    if options.command == "play":
        sys.exit(play(options.script, options.simulator, options.speed))
    try:
        accounts = read_accounts(options.accounts)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        parser.error(f"{options.accounts}: {error}")
    app = create_app(accounts, options.gateway)
    # Paths hold OpenIDs and queries hold tokens: no access log.
    uvicorn.run(app, host=options.host, port=options.port, access_log=False, timeout_keep_alive=_KEEP_ALIVE_S)


if __name__ == "__main__":
    main()
