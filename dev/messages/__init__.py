"""Collects the sentences of the source into locale/, and checks their translations: docs/languages.md."""
