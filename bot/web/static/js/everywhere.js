// On every page of who is signed in: the quick-hide key, word that she is here, small windows that close, and nothing left
// behind at the sign-out.
import "./cover.js";
import "./leaving.js";
import "./here.js";
import "./menus.js";
