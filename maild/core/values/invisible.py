"""The characters that a reader does not see, or that move what they see: as the inside of a pattern's set.

Everything that Unicode calls default-ignorable (soft hyphens, joiners, tags, Hangul fillers, variation
selectors) or a format character (category Cf), as of Unicode 16. Written out, so that every Python that
maild runs on agrees.
"""

INVISIBLE = (
    "\u00ad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""With the separators of lines and paragraphs, which no single line may hold."""
