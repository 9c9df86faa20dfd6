"""Acts that start on a page and leave a record."""
