// One bubble of the chat as elements.

import { link, menuItem, typed, words } from "./words.js";

const STATES = { answered: "已答复", silent: "已送达，无即时答复", failed: "推送失败", agent: "由人工客服接待，没有推送" };

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

function sound({ seconds, speech }) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", "M5 11.5v1M8.5 9a5 5 0 0 1 0 6M12 6.5a9 9 0 0 1 0 11M15.5 4a13 13 0 0 1 0 16");
  svg.append(path);
  const bubble = element("div", "face tail sound", svg, seconds ? `${seconds}″` : "语音");
  bubble.classList.add(seconds > 30 ? "long" : seconds > 10 ? "middle" : "short");
  if (!speech) return bubble;
  return element("div", "spoken", bubble, element("small", "", speech));
}

function film({ title, description, thumb_media_id: thumb, media_id: video }) {
  const cover = element("span", "cover play");
  if (thumb) cover.append(picture(`/files/${thumb}`));
  const anchor = element("a", "", cover);
  anchor.href = `/files/${video}`;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer";
  anchor.setAttribute("aria-label", title || "视频");
  if (title) anchor.append(element("div", "inside", element("b", "", title), element("small", "", description)));
  return element("div", "face card film", anchor);
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function page({ title, description, url }) {
  return element("div", "face card news", article({ title, description, url }, true, true));
}

function form({ title, rows, url }) {
  const list = element("dl", "rows");
  for (const { name, value } of rows) list.append(element("dt", "", name), element("dd", "", value));
  const inside = element("div", "inside", element("b", "", title), list);
  const opens = url && link(url, "查看详情");
  const foot = element("span", "foot", opens instanceof HTMLAnchorElement ? opens : "服务通知");
  return element("div", "face card", inside, foot);
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
    case "voice": return sound(detail);
    case "location": return place(detail);
    case "news": return news(detail);
    case "msgmenu": return menu(detail);
    case "video": return film(detail);
    case "link": return page(detail);
    case "file": return card(detail.title, size(detail.size), "文件");
    case "template":
    case "subscription": return form(detail);
    case "music": return card(detail.title, detail.description, "音乐");
    default: return card(detail.title, "", detail.label);
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
  if (bubble.via === "agent") column.append(element("span", "under", "人工客服"));
  if (bubble.ai) column.append(element("span", "under", "内容由第三方AI生成"));
  if (mine) column.append(element("span", "under delivery"));
  const line = element("li", mine ? "line me" : "line", avatar, column);
  if (bubble.delivery) showDelivery(line, bubble.delivery);
  return line;
}
