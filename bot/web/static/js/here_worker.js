// Outside of the page: browsers slow down the clocks of pages in the background, though not those of workers.
const EVERY_MS = 20_000;
let timer = null;

async function tell() {
  try {
    const answer = await fetch("/desk/here", { redirect: "manual", cache: "no-store" });
    if (answer.type === "opaqueredirect") clearInterval(timer); // signed out
  } catch {
    // no connection: the next one may come through
  }
}

timer = setInterval(tell, EVERY_MS);
tell();
