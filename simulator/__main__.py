"""`python -m simulator`: the platform and its phones on one port."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import uvicorn
import yaml
from pydantic import ValidationError

from simulator.accounts import read_accounts
from simulator.app import create_app


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until stopped; exits with status 2 when the accounts cannot be read."""
    parser = argparse.ArgumentParser(prog="simulator", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8082)
    parser.add_argument("--gateway", default="http://127.0.0.1:8080", help="where to push to")
    parser.add_argument("--accounts", type=Path, default=Path("accounts.yml"))
    options = parser.parse_args(arguments)
    try:
        accounts = read_accounts(options.accounts)
    except (OSError, yaml.YAMLError, ValidationError) as error:
        parser.error(f"{options.accounts}: {error}")
    app = create_app(accounts, options.gateway)
    # Paths hold OpenIDs and queries hold tokens: no access log.
    uvicorn.run(app, host=options.host, port=options.port, access_log=False)


if __name__ == "__main__":
    main()
