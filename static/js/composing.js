// While an input method is composing, its keys belong to it alone: no shortcut of ours hears them. Safari sends the
// Enter that confirms after the composition has ended, and then only its key code (229) tells.
window.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || event.keyCode === 229) event.stopImmediatePropagation();
  },
  true,
);
