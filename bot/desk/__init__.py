"""What console and API do alike, for whom both are faces of the same desk."""

from bot.desk.parting import close as close
from bot.desk.parting import release as release
from bot.desk.ports import DeskPorts as DeskPorts
from bot.desk.reading import audit_reading as audit_reading
from bot.desk.reading import everybody as everybody
from bot.desk.reading import open_case as open_case
from bot.desk.reading import open_conversation as open_conversation
from bot.desk.reading import open_media as open_media
from bot.desk.reading import open_shared as open_shared
from bot.desk.reading import reveal_entry as reveal_entry
from bot.desk.reading import take_letter as take_letter
