"""When harm to a minor must be reported (未成年人保护法, article 11; 高检发〔2020〕9号)."""

from __future__ import annotations

REPORTED_REASONS = frozenset(
    {
        "有人要带孩子跳楼、把孩子扔下去或同死",
        "孩子要伤害自己",
        "孩子走失、失联或离家出走",
        "孩子疑似遭受性侵害",
        "孩子正被打伤或虐待",
        "孩子近期被打、受虐待或被欺凌",
    }
)
"""What `data/triage/rules.toml` calls the situations that may have to be reported: the duty opens by itself then."""
