"""The adapters: one file a service. None knows another; the registry loads them by name."""
