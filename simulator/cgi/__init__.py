"""The API that accounts call."""

from fastapi import APIRouter

from simulator.cgi import materials, messages, service, tokens

router = APIRouter(prefix="/cgi-bin")
for part in (tokens, messages, materials, service):
    router.include_router(part.router)
