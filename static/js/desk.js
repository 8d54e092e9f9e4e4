// What every page runs.
import "./typing.js";
import "./keys.js";
import "./rows.js";
import "./select.js";
import "./submit-once.js";
import "./ctrl-enter.js";
import "./draft.js";
import "./dialog.js";
import "./menu.js";
import "./message.js";
import "./filter.js";
import "./lookup.js";
import "./matrix.js";
import "./focus.js";
import "./refused.js";
import "./failed.js";
import "./clock.js";
