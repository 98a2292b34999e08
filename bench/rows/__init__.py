"""One module for each group of rows of the table; each returns its results and says what it measured."""
