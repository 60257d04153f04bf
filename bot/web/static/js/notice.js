// A notice of the desktop for who asked for it by the button: that somebody urgent waits, and nothing of whom or what.
import { tell } from "./errors.js";

const KEY = "niangjia.notice";
const WORDS = "娘家：有一条紧急会话在等";
const button = document.querySelector("[data-notice]");

const possible = () => "Notification" in window && window.isSecureContext;
const on = () => possible() && Notification.permission === "granted" && localStorage.getItem(KEY) === "on";

function show() {
  button.hidden = !possible();
  button.setAttribute("aria-pressed", String(on()));
}

async function ask() {
  if ((await Notification.requestPermission()) === "granted") {
    localStorage.setItem(KEY, "on");
    tell("桌面提醒开了。有紧急会话在等时，屏幕角上会说一声，不写她的话。", false);
  } else {
    tell("浏览器不让这个网站发提醒。请点地址栏左边的图标，允许“通知”。");
  }
}

button.addEventListener("click", async () => {
  if (on()) localStorage.setItem(KEY, "off");
  else await ask();
  show();
});

document.addEventListener("niangjia:urgent", () => {
  if (!on()) return;
  const notice = new Notification(WORDS, { tag: "niangjia-urgent", renotify: true });
  notice.addEventListener("click", () => {
    window.focus();
    notice.close();
  });
});

show();
