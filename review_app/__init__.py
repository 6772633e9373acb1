"""The window: sign-in, pages and the joint room."""
