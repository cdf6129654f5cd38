"""Findings as a document, and the document as JSON, HTML, Markdown and text."""
