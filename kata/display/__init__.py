"""Verdicts as people read them: `text` everywhere, `html` in notebooks."""
