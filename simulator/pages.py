"""The pages: the list of accounts and drills, the chat of one phone, and how one drill goes."""

from pathlib import Path

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates

from simulator.cgi.gate import Here
from simulator.drill import shipped_drills
from simulator.drills import Coaches

_HERE = Path(__file__).parent
# Cards show pictures from the account's own site; everything else comes from here.
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

router = APIRouter(include_in_schema=False)
_templates = Jinja2Templates(_HERE / "templates")


def static_files() -> StaticFiles:
    """Styles, scripts and pictures of the pages."""
    return StaticFiles(directory=_HERE / "static")


@router.get("/")
async def index(here: Here, coach: Coaches, request: Request) -> Response:
    """The accounts that can be followed, the phones there are, and where there is an account for them the drills."""
    people = sorted(here.people.values(), key=lambda person: person.chat[-1].id if person.chat else 0)
    drills = shipped_drills() if coach.account else {}
    context = {"accounts": here.accounts.values(), "people": people[::-1], "drills": drills}
    return _templates.TemplateResponse(request, "index.html", context, headers=_HEADERS)


@router.get("/phone/{openid}")
async def phone(here: Here, request: Request, openid: str) -> Response:
    """One person's chat with one account."""
    person = here.people.get(openid)
    if person is None:
        return _templates.TemplateResponse(request, "missing.html", status_code=404, headers=_HEADERS)
    context = {"person": person, "menu": here.menus.get(person.account.id, [])}
    return _templates.TemplateResponse(request, "phone.html", context, headers=_HEADERS)


@router.get("/drill/{number}")
async def drill(coach: Coaches, request: Request, number: int) -> Response:
    """How one drill goes."""
    drilling = coach.find(number)
    if drilling is None:
        return _templates.TemplateResponse(request, "missing.html", status_code=404, headers=_HEADERS)
    context = {"number": number, "drill": drilling.as_json()}
    return _templates.TemplateResponse(request, "drill.html", context, headers=_HEADERS)


@router.get("/files/{media_id}")
async def file(here: Here, media_id: str) -> Response:
    """A picture or a video by its address."""
    media = here.media.file(media_id)
    if media is None:
        raise HTTPException(404, "no such file")
    return Response(media.content, media_type=media.mime, headers={"X-Content-Type-Options": "nosniff"})
