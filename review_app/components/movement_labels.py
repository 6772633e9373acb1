"""The words of the lane of movement; how they are used stands in desk_labels."""

MOVEMENT_LABELS: dict[str, str] = {
    "lane_movement": "Movement",
    "list_movement": "much movement, {from} to {to}",
    "key_movement": "Next place where much moves",
    "movement_meaning": (
        "Shows when much moves in the picture. It is a place to look and says nothing about "
        "anyone. Pale where the light or the camera changed."
    ),
    "movement_folded": "Movement is folded away",
    "no_more_movement": "No later place stands out. That does not mean that nothing happens.",
}
