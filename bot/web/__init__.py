"""The shared shell of the sites: sign-in, sessions, errors, live stream, templates and assets."""

from bot.web.site import SitePorts as SitePorts
from bot.web.site import create_site as create_site
