"""Values and failures into sentences, once for all front ends, in English and Chinese."""

from bot.words.speech import Speech, speech_for

__all__ = ["Speech", "speech_for"]
