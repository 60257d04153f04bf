"""What she opens on her phone by a one-time link: papers, a bill to upload, her record."""

from bot.pages.ports import PagesPorts as PagesPorts
from bot.pages.site import create_pages as create_pages
