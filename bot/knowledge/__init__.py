"""Vetted answers: articles, the regional directory, and rendering an answer for an account; pure."""

from bot.knowledge.articles import Article as Article
from bot.knowledge.base import KnowledgeBase as KnowledgeBase
from bot.knowledge.buttons import FLOW as FLOW
from bot.knowledge.buttons import WORDS_OF_FLOW as WORDS_OF_FLOW
from bot.knowledge.buttons import flow_of as flow_of
from bot.knowledge.canned import parse_canned as parse_canned
from bot.knowledge.hours import plan_day as plan_day
from bot.knowledge.regions import Directory as Directory
from bot.knowledge.search import Found as Found
