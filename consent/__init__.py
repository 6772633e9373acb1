"""The permission: who agreed to what, and what may therefore be done. No IO, no clock."""
