"""What the pages show, put together from the other apps' selectors: frozen values for one reader."""
