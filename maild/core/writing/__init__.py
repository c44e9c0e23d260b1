"""Making letters: the only maker (`owing`), the one road to a reporter (`answering`), copies and notices."""
