"""The desk as axe sees it in states that no address has: dialogs open, refusals shown, drills, the file slid in."""

from __future__ import annotations

from playwright.async_api import Page, expect

from bot import handoff
from bot.conversation.conversations import Conversation
from bot.conversation.media import Body, MediaKind
from bot.conversation.staff import Role
from tests.doubles.office import Office
from tests.sites.axe import WITH_AXE, serious_faults
from tests.sites.console.browsing import IN_A_BROWSER, cover_by_keys, desk, served, width_of
from tests.sites.console.planning import add
from tests.sites.console.watching import look

pytestmark = [*IN_A_BROWSER, WITH_AXE]

PICTURE = Body("image/png", b"\x89PNG\r\n\x1a\n and so on")
LARGE_PX = 22
"""The letters of who set them large: a browser's own are 16."""

_OWN_PAGES = (
    "/desk",
    "/desk/talks",
    "/desk/alerts",
    "/desk/cases",
    "/desk/call-backs",
    "/desk/replies",
    "/desk/checks",
    "/desk/roster",
    "/desk/reports",
    "/desk/waiting",
    "/desk/dead-letters",
    "/account",
)


async def hers(office: Office) -> Conversation:
    """A conversation that li holds, with a picture in it, and others that wait."""
    li = await office.hire("li", Role.SUPERVISOR, name="李晓梅")
    await office.hire("wang", name="王芳")
    talk = await office.waiting("他又喝酒了", minutes=20)
    await office.brings(await office.hears(talk, "看图"), MediaKind.IMAGE, PICTURE)
    await office.waiting("你好", account_id="changsha")
    await handoff.claim(talk.id, li, office.ports.handoff)
    return talk


async def begin(page: Page, path: str) -> None:
    """That page of the site that is open, ready for keys."""
    await page.goto("/".join(page.url.split("/")[:3]) + path)
    await expect(page.locator("[data-link=up]")).to_be_attached()


async def test_axe_finds_no_serious_fault_in_what_opens_over_a_conversation(office: Office) -> None:
    talk = await hers(office)
    faults: dict[str, list[str]] = {}
    async with served(office) as port, desk(port) as (page, _):
        address = f"/desk/conversations/{talk.id}"

        async def look(shown: str) -> None:
            await expect(page.locator(shown)).to_be_visible()
            faults[shown] = await serious_faults_at_each_width(page)

        for key, shown in (("?", "#help"), ("t", "#passing form")):
            await begin(page, address)
            await page.keyboard.press(key)
            await look(shown)
        await begin(page, address)
        await page.keyboard.press("/")
        await page.keyboard.type("电话")
        await look("#found > li:first-child")
        await begin(page, address)
        await page.locator("[data-enlarge]").click()
        await look("#enlarged")
        await begin(page, address)
        await page.fill("#reply textarea", " ")
        await page.locator("#reply .primary").click()
        await look("#reply-trouble")
        await page.locator("[data-file]").evaluate("toggle => toggle.click()")
        await look("body.file-open .file")
        await cover_by_keys(page)
        await look("#cover")
    assert {shown: found for shown, found in faults.items() if found} == {}


async def test_axe_finds_no_serious_fault_in_drills_and_in_a_refusal(office: Office) -> None:
    await office.hire("li", Role.SUPERVISOR, name="李晓梅")
    await office.waiting("演练的来信", account_id="drill")
    async with served(office) as port, desk(port) as (page, _):
        await page.get_by_role("switch", name="演练").click()
        band = page.get_by_text("演练，不是真的来信")
        await expect(band).to_be_visible()
        assert await serious_faults_at_each_width(page) == []
        await page.goto(f"http://127.0.0.1:{port}/desk/replies")
        await expect(band).to_be_visible()
        await page.fill("#title-new", "问好")
        await page.fill("#text-new", "{name}您好")
        await page.get_by_role("button", name="保存").first.click()
        await expect(page.locator("#said")).to_contain_text("不认识")
        assert await serious_faults_at_each_width(page) == []


async def serious_faults_at_each_width(page: Page) -> list[str]:
    """Those of the page as it stands, on a screen and on a phone."""
    faults = []
    for width, height in ((390, 844), (1440, 900)):
        await page.set_viewport_size({"width": width, "height": height})
        faults += [f"{width}: {fault}" for fault in await serious_faults(page)]
    return faults


async def test_on_a_phone_with_large_letters_nothing_runs_over_the_edge(office: Office) -> None:
    talk = await hers(office)
    zhao = await office.hire("zhao", name="欧阳文慧")
    async with office.browser("li") as client:
        await add(client, zhao, *"0123456", starts="20:30", ends="08:30")
    await look(office)
    over: dict[str, int] = {}
    async with served(office) as port, desk(port, 390, 844, letters=LARGE_PX) as (page, _):
        for path in (*_OWN_PAGES, f"/desk/conversations/{talk.id}"):
            await page.goto(f"http://127.0.0.1:{port}{path}")
            assert await page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{LARGE_PX}px"
            await page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            width = await width_of(page)
            over |= {path: width - 390} if width > 390 else {}
    assert over == {}
