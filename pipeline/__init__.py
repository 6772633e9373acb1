"""The verbs: what happens to a recording between the camera and the review desk."""
