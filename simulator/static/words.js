// Words of a message with their links; never as HTML, so that hostile words stay words.

const ANCHOR = /<a\s[^>]*?href\s*=\s*(["'])(.*?)\1[^>]*>([\s\S]*?)<\/a>/gi;
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g;
const MENU = "weixin://bizmsgmenu";

/** A fragment that shows what a person typed: only bare addresses are links. */
export function typed(text) {
  const fragment = document.createDocumentFragment();
  addPlain(fragment, text);
  return fragment;
}

/** A fragment that shows an account's words; a tapped menu link bubbles up as "menu-tap" {id, text}. */
export function words(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(ANCHOR)) {
    addPlain(fragment, text.slice(end, match.index));
    fragment.append(link(match[2], match[3]));
    end = match.index + match[0].length;
  }
  addPlain(fragment, text.slice(end));
  return fragment;
}

/** A link that sends an item of a menu message. */
export function menuItem(id, text, label = text) {
  const anchor = document.createElement("a");
  anchor.className = "link";
  anchor.href = "#";
  anchor.setAttribute("role", "button");
  anchor.textContent = label;
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    anchor.dispatchEvent(new CustomEvent("menu-tap", { bubbles: true, detail: { id, text } }));
  });
  return anchor;
}

/** A link to a page, or the bare label where the address is of another kind. */
export function link(address, label) {
  if (address.startsWith(MENU)) {
    const query = new URLSearchParams(address.slice(address.indexOf("?") + 1));
    return menuItem(query.get("msgmenuid") ?? "", query.get("msgmenucontent") ?? label, label);
  }
  if (!/^(https?:\/\/|tel:)/i.test(address)) return document.createTextNode(label);
  const anchor = document.createElement("a");
  anchor.className = "link";
  anchor.href = address;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  anchor.textContent = label;
  return anchor;
}

function addPlain(fragment, text) {
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    fragment.append(text.slice(end, match.index), link(match[0], match[0]));
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
}
