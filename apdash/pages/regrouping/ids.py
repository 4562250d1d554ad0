"""Identifiers of what the callbacks of the page read and write."""

# préparer
RULE = "rg-rule"  # pattern: {"type": RULE, "name": …}
START_DIAL = "rg-start-dial"
SEARCH = "rg-search"
KEEP_RULES = "rg-keep-rules"
STATE_KIND = "rg-state-kind"
STATE_STUDENTS = "rg-state-students"
STATE_SLOT = "rg-state-slot"
STATE_NEED = "rg-state-need"
STATE_STAFF = "rg-state-staff"
STATE_MOST = "rg-state-most"
STATE_ADD = "rg-state-add"
STATE_WORDS = "rg-state-words"
STATE_CAUTIONS = "rg-state-cautions"
RULE_CAUTIONS = "rg-rule-cautions"
HISTORY = "rg-history"
END_STATEMENT = "rg-end-statement"  # pattern: {"type": END_STATEMENT, "statement": …}

# proposer
PROGRESS = "rg-progress"
TICK = "rg-tick"
STOP = "rg-stop"
DIAL = "rg-dial"  # pattern: {"type": DIAL, "share": …}
DIAL_BOX = "rg-dial-box"
DIAL_TICK = "rg-dial-tick"
DIAL_CHART = "rg-dial-chart"
DIAL_POINT = "rg-dial-point"  # pattern: {"type": DIAL_POINT, "moves": …}
EXPLAIN_TICK = "rg-explain-tick"
EXPLAIN_SEEN = "rg-explain-seen"
UNSERVED_TITLE = "rg-unserved-title"
UNSERVED_BODY = "rg-unserved-body"
FAIR_TITLE = "rg-fair-title"
FAIR_BODY = "rg-fair-body"
HISTORY_WORDS = "rg-history-words"
LOOSEN = "rg-loosen"  # pattern: {"type": LOOSEN, "index": …}

# ajuster
BOARD = "rg-board"
BAR = "rg-bar-place"
CARDS = "rg-cards"
OPENED = "rg-opened"  # written by assets/regrouping.js: {student}, {group: "need|staff"} or neither: close
GRABBED = "rg-grabbed"  # {student}
DROPPED = "rg-dropped"  # {student, need, staff}
COSTS = "rg-costs"  # read by it: {student, groups: {"need|staff": {kind, words}}}
SAID = "rg-said"
UNDO = "rg-undo"
WHY = "rg-why"
EXACT = "rg-exact"  # pattern: {"type": EXACT, "student": …, "slot": …}
EXACT_TICK = "rg-exact-tick"  # the same
CLOSING = "rg-closing"  # pattern: {"type": CLOSING, "need": …, "staff": …, "slot": …}
CLOSING_TICK = "rg-closing-tick"  # the same
PIN = "rg-pin"  # pattern: {"type": PIN, "student": …, "slot": …, "need": …, "staff": …}
ASK = "rg-ask"  # the same, in a list that is laid out again as its figures come
ASKED = "rg-asked"  # the place of the ASK button that was pressed: written by assets/regrouping.js
BAN = "rg-ban"
FREE = "rg-free"
CLOSE_WHY = "rg-close-why"  # read by assets/regrouping.js
AGAIN = "rg-again"

# valider
DECIDE = "rg-decide"  # pattern: {"type": DECIDE, "act": …}
REASON = "rg-reason"
CONFIRM = "rg-confirm"
