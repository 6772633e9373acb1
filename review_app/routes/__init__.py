"""What a browser may fetch or send: each route asks for relationship and consent itself."""
