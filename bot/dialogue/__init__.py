"""The assistant over HTTP: Rasa's `frontdoor` channel, and a scripted double."""

from bot.dialogue.rasa import RasaDialogue as RasaDialogue
from bot.dialogue.scripted import ScriptedDialogue as ScriptedDialogue
