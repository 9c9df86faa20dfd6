// The page of the sign-in: whoever left this screen leaves nothing in the tab. Clear-Site-Data empties everything but that.
sessionStorage.clear();
