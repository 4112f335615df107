"""Wire formats, one module each. ``w3c`` is the native one."""
