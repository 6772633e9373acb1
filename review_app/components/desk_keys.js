// What the keys of the desk do. Only the map; the keyboard itself and the sheet are Keys'.

/** Bind the desk's keys. Keys that change anything are the supervisor's, who chooses. */
export function bindDesk(desk) {
  const { keys, labels, player, timeline, transcript, marks, sequences, history, edits } = desk;
  const add = (context, id, which, label, run, more = {}) => keys.add({ id, context, keys: which, label, run, ...more });
  const supervisor = { when: () => desk.canEdit };

  add("everywhere", "undo", ["mod+z"], labels.key_undo, () => history.undo());
  add("everywhere", "redo", ["mod+shift+z", "mod+y"], labels.key_redo, () => history.redo());
  add("everywhere", "next_pane", ["f6"], labels.key_next_pane, () => desk.pane(1), { inFields: true });
  add("everywhere", "former_pane", ["shift+f6"], labels.key_former_pane, () => desk.pane(-1), { inFields: true });
  add("everywhere", "search", ["/"], labels.key_search, () => desk.search());
  add("everywhere", "leave", ["escape"], labels.key_escape, () => desk.leave());

  add("film", "turn_back", ["shift+arrowleft"], labels.key_turn_back, () => player.seek(transcript.step(player.now_ms - 300, -1)), { repeat: true });
  add("film", "turn_forward", ["shift+arrowright"], labels.key_turn_forward, () => player.seek(transcript.step(player.now_ms, 1)), { repeat: true });

  add("desk", "mark_in", ["i"], labels.key_mark_in, () => desk.mark("in_ms"));
  add("desk", "mark_out", ["o"], labels.key_mark_out, () => desk.mark("out_ms"));
  add("desk", "loop", ["q"], labels.key_loop, () => desk.toggleLoop());
  add("desk", "note", ["n"], labels.key_note, () => desk.composer.focus());
  add("desk", "visibility", ["v"], labels.key_visibility, () => desk.announce(desk.visibilityWord(desk.composer.nextVisibility())));
  add("desk", "snap", ["t"], labels.key_snap, () => desk.toggleSnap());
  add("desk", "zoom_in", ["+", "="], labels.zoom_in, () => timeline.zoom(1));
  add("desk", "zoom_out", ["-"], labels.zoom_out, () => timeline.zoom(-1));
  if (desk.doc.movement) add("desk", "movement", ["b"], labels.key_movement, () => desk.seekMovement());
  add("desk", "concern", ["shift+b"], labels.concern_title, () => desk.concern.open());
  add("desk", "wish", ["w"], labels.key_wish, () => desk.wish.toggle());
  add("desk", "save_sequence", ["s"], labels.key_save_sequence, () => desk.saveSequence(), supervisor);
  add("desk", "use", ["a"], labels.key_use, () => desk.judgeOpen(true), supervisor);
  add("desk", "dismiss", ["x"], labels.key_dismiss, () => desk.judgeOpen(false), supervisor);
  add("desk", "up", ["alt+arrowup"], labels.key_up, () => desk.shift(-1), supervisor);
  add("desk", "down", ["alt+arrowdown"], labels.key_down, () => desk.shift(1), supervisor);
  add("desk", "edit", ["f2"], labels.edit_sequence, () => sequences.chosen && sequences.edit(sequences.chosen), supervisor);
  add("desk", "remove", ["delete"], labels.key_remove, () => desk.remove(), supervisor);

  const inText = { when: () => transcript.hasKeyboard && edits.turn !== null };
  for (const place of [0, 1, 2, 3]) {
    add("transcript", `speaker_${place + 1}`, [`${place + 1}`], place ? "" : labels.key_speaker, () => edits.name(place), inText);
    add("transcript", `swap_${place + 1}`, [`shift+${place + 1}`], place ? "" : labels.key_swap, () => edits.swap(place), inText);
  }
  const unmarked = { when: () => inText.when() && (marks.in_ms === null || marks.out_ms === null) };
  add("transcript", "edit_turn", ["e"], labels.correct_text, () => edits.edit(), { when: () => edits.turn !== null });
  add("transcript", "split_turn", ["s"], labels.split_turn, () => edits.split(), unmarked);
  add("transcript", "merge_turn", ["m"], labels.merge_turn, () => edits.merge(), inText);
  add("transcript", "doubtful", ["d"], labels.key_doubtful, () => desk.playDoubtful());
  add("transcript", "follow", ["g"], labels.follow_again, () => transcript.follow());
}
