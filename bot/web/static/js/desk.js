// The desk's small scripts; everything else is HTMX. Without them the pages still work as plain forms.
import "./errors.js";
import "./morphing.js";
import "./live.js";
import "./waiting.js";
import "./alarm.js";
import "./notice.js";
import "./chat.js";
import "./draft.js";
import "./hidden.js";
import "./typing.js";
import "./picture.js";
import "./articles.js";
import "./kept.js";
import "./passing.js";
import "./keys.js";
import "./duty.js";
