"""The method as pure rules: steps of a cycle, sequences, the joint room. No IO, no clock."""
