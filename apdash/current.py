"""The services and the person of the request being answered."""

import flask
from flask_login import current_user

from apdash.rights import Viewer
from apdash.services import Services

_KEY = "apdash_services"


def attach(server: flask.Flask, services: Services) -> None:
    """Make the services reachable from every request of this server."""
    server.extensions[_KEY] = services


def services() -> Services:
    """Return the services of the server that answers this request."""
    return flask.current_app.extensions[_KEY]


def viewer() -> Viewer:
    """Return the person signed in; the guard lets nobody else come this far."""
    return current_user.viewer
