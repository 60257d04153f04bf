"""Vetted answers: articles, the regional directory, and rendering an answer for an account; pure."""

from bot.knowledge.articles import Article as Article
from bot.knowledge.base import KnowledgeBase as KnowledgeBase
from bot.knowledge.regions import Directory as Directory
