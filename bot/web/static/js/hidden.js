// She has turned the chat harmless, and somebody may be reading her phone: nothing is sent there by a slip of the hand.
const WORDS = "她收起了对话，可能有人在看她的手机。现在发，拿着手机的人会看到。还是要发吗？";

document.addEventListener("htmx:confirm", (event) => {
  if (!event.target.matches("#reply, #picture") || !document.querySelector("[data-hidden-now]")) return;
  event.preventDefault();
  if (confirm(WORDS)) event.detail.issueRequest(true);
});
