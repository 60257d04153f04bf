// One bubble of the chat as elements.

import { link, menuItem, typed, words } from "./words.js";

const STATES = { answered: "已答复", silent: "已送达，无即时答复", failed: "推送失败" };

function element(name, className, ...children) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

function picture(address, className) {
  const image = element("img", className);
  image.alt = "";
  image.referrerPolicy = "no-referrer";
  image.addEventListener("error", () => image.remove());
  image.src = address;
  return image;
}

function place(detail) {
  return element("div", "face card map", element("div", "inside", element("b", "", detail.label || "位置")));
}

function photo(detail) {
  const image = picture(`/files/${detail.media_id}`);
  image.alt = "图片";
  return element("div", "face picture", image);
}

function sound() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M5 11.5v1M8.5 9a5 5 0 0 1 0 6M12 6.5a9 9 0 0 1 0 11M15.5 4a13 13 0 0 1 0 16");
  svg.append(path);
  return element("div", "face tail sound", svg, "语音");
}

function card(title, description, foot) {
  const inside = element("div", "inside", element("b", "", title || "（没有标题）"));
  if (description) inside.append(element("small", "", description));
  return element("div", "face card", inside, element("span", "foot", foot));
}

function article(item, first, only) {
  const anchor = link(item.url, "");
  const row = anchor instanceof HTMLAnchorElement ? anchor : element("a");
  row.className = "";
  const title = element("b", "", item.title);
  if (!first) {
    row.append(title);
    if (item.picture) row.append(picture(item.picture));
    return row;
  }
  if (item.picture) row.append(picture(item.picture, "cover"));
  const inside = element("div", "inside", title);
  if (only && item.description) inside.append(element("small", "", item.description));
  row.append(inside);
  return row;
}

function news(detail) {
  const { articles } = detail;
  const rows = articles.map((item, index) => article(item, index === 0, articles.length === 1));
  if (articles.length === 1) rows[0].append(element("span", "foot", "阅读全文"));
  return element("div", "face card news", ...rows);
}

function menu(detail) {
  const options = element("div", "options", ...detail.items.map((item) => menuItem(item.id, item.text)));
  return element("div", "face tail", words(detail.head), options, words(detail.tail));
}

function face({ from, type, text, detail }) {
  switch (type) {
    case "text": return element("div", "face tail", from === "me" ? typed(text) : words(text));
    case "image": return photo(detail);
    case "voice": return sound();
    case "location": return place(detail);
    case "news": return news(detail);
    case "msgmenu": return menu(detail);
    case "video": return card(detail.title || "视频", detail.description, "视频");
    case "music": return card(detail.title, detail.description, "音乐");
    default: return card(detail.title, "", "卡片");
  }
}

/** Write how the push of one's own message goes; shown only when the page shows states. */
export function showDelivery(line, { attempt, state }) {
  const status = line.querySelector(".delivery");
  if (!status) return;
  status.classList.toggle("failed", state === "failed");
  const pushing = attempt > 1 ? `重试第${attempt - 1}次` : "推送中";
  status.textContent = STATES[state] ?? pushing;
}

/** The list item for a bubble of the JSON API. */
export function render(bubble) {
  if (bubble.from === "platform") return element("li", "notice", bubble.text);
  const mine = bubble.from === "me";
  const avatar = document.getElementById(mine ? "my-avatar" : "their-avatar").content.cloneNode(true);
  const column = element("div", "column", face(bubble));
  if (bubble.ai) column.append(element("span", "under", "内容由第三方AI生成"));
  if (mine) column.append(element("span", "under delivery"));
  const line = element("li", mine ? "line me" : "line", avatar, column);
  if (bubble.delivery) showDelivery(line, bubble.delivery);
  return line;
}
