"""The shared shell of the sites: sign-in, sessions, errors, live stream, templates and assets."""

from bot.web.door import Door as Door
from bot.web.site import create_site as create_site
