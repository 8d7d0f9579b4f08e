"""Parts of a screen; widgets report."""
