"""What happens to a recording, one file a stage: ``run`` is a shell round a pure core.

Every shell asks for its own permit, takes an id and gives back nothing but keeps its result in
the vault or the database, because the durable engine stores what steps return. Running one
again replaces its result, so a stage may be repeated at any time.
"""
