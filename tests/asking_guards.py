"""The guards of asking: who sees those who are asked, what a link opens, what a mail says and how often it is sent."""

from typing import Final

from tests.guarding import Guard

RIGHTS: Final = "tests/survey/test_asking_rights.py"
LIST: Final = "tests/survey/test_invitations_admin.py"
UPLOADS: Final = "tests/survey/test_recipients_admin.py"
MAILS: Final = "tests/survey/test_mails_admin.py"
ROUND: Final = "tests/survey/test_round_admin.py"
LETTERS: Final = "tests/survey/test_letters.py"
QUEUE: Final = "tests/survey/test_mail_queue.py"
SENDING: Final = "tests/survey/test_mail_sending.py"
SETTLING: Final = "tests/survey/test_mail_settling.py"
SERVER: Final = "tests/survey/test_mail_server.py"
RECIPIENTS: Final = "tests/survey/test_recipients.py"
STEPS: Final = "tests/survey/test_recipient_steps.py"
REMOVAL: Final = "tests/survey/test_recipient_removal.py"
ARRIVAL: Final = "tests/survey/test_recipient_arrival.py"
HOSTILE: Final = "tests/sih_portal/test_hostile_spreadsheets.py::test_hostile_file_ends_as_expected"
REQUEST: Final = "self, request: HttpRequest"


def permission(verb: str, of: str, granted: str) -> str:
    row = "" if verb == "add" else f", obj: {of} | None = None"
    return f"    def has_{verb}_permission({REQUEST}{row}) -> bool:\n        return {granted}"


ROOMS: Final = [
    *(
        Guard(
            f"asking: who may {verb} those who are asked",
            "survey/admin/rooms.py",
            permission(verb, "Row", "may_keep_survey(request.user)"),
            permission(verb, "Row", "True"),
            RIGHTS,
        )
        for verb in ("view", "add", "change", "delete")
    ),
    Guard(
        "asking: who comes into the rooms of a round",
        "survey/admin/rooms.py",
        "if not may_keep_survey(request.user):",
        "if not request:",
        RIGHTS,
    ),
    *(
        Guard(
            f"asking: nobody may {verb} a mail",
            "survey/admin/invitations.py",
            permission(verb, "Delivery", "False"),
            permission(verb, "Delivery", "True"),
            MAILS,
        )
        for verb in ("add", "change", "delete")
    ),
    *(
        Guard(f"asking: {name}", "survey/admin/invitations.py", line, without, tests)
        for name, line, without, tests in (
            ("moments are not typed", '["sent_at", "reminders", "reminded_at", "due_at", "outcome"]\n', "[]\n", LIST),
            ("an invitation stays in its round", 'public_id = ["round"]', "public_id = []", LIST),
            ("who was asked stays", "(request, obj) and not stays", "(request, obj)", LIST),
            ("no letter is left out in silence", "if count <= MOST_LETTERS:", "if count:", ROUND),
            (
                "letters are made at their round",
                'of the round."""\n        return False',
                'of the round."""\n        return True',
                ROUND,
            ),
            ("mails that stand still concern managers", 'return {"mail": None}', "pass", MAILS),
        )
    ),
    *(
        Guard(f"asking: {name}", "survey/admin/rounds.py", line, without, ROUND)
        for name, line, without in (
            ("only requests go to all", "if kind not in MASS_MAILS:", "if not kind:"),
            ("the questionnaire of an open round", "if obj and obj.state != Round.State.DRAFT", "if False"),
        )
    ),
    *(
        Guard(f"asking: {name}", "survey/admin/previews.py", line, without, UPLOADS)
        for name, line, without in (
            ("a preview is one person's", ".{request.user.pk}", ""),
            ("a preview is of one round", ".{survey_round.pk}.", "."),
        )
    ),
    *(
        Guard(f"asking: {name}", "survey/admin/lists.py", line, without, UPLOADS)
        for name, line, without in (
            ("the list of a round that is over", "if survey_round.state not in {Round.", "if request.path in {Round."),
        )
    ),
]
LINKS: Final = [
    Guard("link: a revoked one", "survey/mailing/links.py", "digest(token), revoked_at=None", "digest(token)", LETTERS),
    Guard(
        "link: the token itself is not stored",
        "survey/mailing/links.py",
        'hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()',
        'token.replace("\\x00", "").encode(errors="ignore").decode()',
        f"{LETTERS} {SENDING}",
    ),
    Guard(
        "link: forgotten where its mail never left",
        "survey/mailing/links.py",
        "filter(token_hash=digest(token)).delete()",
        "filter(token_hash=digest(token))",
        SERVER,
    ),
    Guard(
        "link: a new one closes the old", "survey/recipients/steps.py", "    mailing.revoke(row, at=at)\n", "", STEPS
    ),
]
WORDS: Final = [
    *(
        Guard(f"letter: {name}", "survey/mailing/letters.py", line, without, LETTERS)
        for name, line, without in (
            ("placeholders that are not allowed", "or not set(found) <= set(allowed):", "or False:"),
            ("braces that fill in nothing", 'if set("{}") & set(PLACEHOLDER.sub("", text)) or', "if"),
            ("no way in stands in a subject", "if not (is_subject and name in NOT_IN_SUBJECTS)]", "]"),
            ("what it is for is in it", "            if name not in found:", "            if not name:"),
        )
    ),
    Guard("letter: asked at its form", "survey/admin/forms.py", "self.add_error(name, mistake)", "pass", ROUND),
    *(
        Guard(
            f"names: on one line {place}",
            "survey/models/invitation.py",
            '"[\\r\\n\\x0b\\x0c\\x1c-\\x1e\\x85\\u2028\\u2029]", _("Write',
            '"\\x00", _("Write',
            tests,
        )
        for place, tests in (("in forms", LIST), ("in lists", RECIPIENTS))
    ),
    Guard(
        "mail: no line break in its head",
        "survey/mailing/mails.py",
        "if any(LINE_END.search(text) for text in (written.to, written.subject)):",
        "if not written:",
        SENDING,
    ),
    *(
        Guard(f"mail: {name}", "survey/mailing/sending.py", line, without, SERVER)
        for name, line, without in (
            ("addresses of others in an error", "if found[0].casefold() == own else HIDDEN", "if own else HIDDEN"),
            ("the token in an error", "told.replace(token, HIDDEN)", "told"),
        )
    ),
]
ONCE: Final = [
    *(
        Guard(f"queue: {name}", "survey/mailing/queue.py", line, without, tests)
        for name, line, without, tests in (
            ("nobody without an address", "(not invitation.email,", "(False,", QUEUE),
            ("nobody who declined", "(invitation.outcome == Outcome.DECLINED,", "(False,", QUEUE),
            ("nobody who is not to be asked", "(invitation.outcome == Outcome.INELIGIBLE,", "(False,", QUEUE),
            ("no request of a closed round", "(invitation.round.state != Round.State.OPEN,", "(False,", QUEUE),
            ("no request for answers that are there", "(_state(invitation) in ANSWERED,", "(False,", QUEUE),
            (
                "no request after the deadline",
                "(not invitation.deadline or invitation.deadline <= at,",
                "(False,",
                QUEUE,
            ),
            ("no second mail of a kind that waits", 'if getattr(invitation, "is_waiting", False):', "if False:", QUEUE),
            ("no request twice", "and invitation.sent_at and not again:", "and not invitation:", QUEUE),
            ("no second request before the first", "and not invitation.sent_at:", "and not invitation:", QUEUE),
            (
                "one press of a button",
                "if count := Delivery.objects.filter(batch=batch).count():",
                "if not batch:",
                QUEUE,
            ),
            (
                "those whom somebody saw",
                "fingerprint(choose(invitations, kind=kind, at=at)) != seen",
                "not seen",
                ROUND,
            ),
            (
                "no second request where nobody waits for the first answer",
                "refusals.append((has_questions(invitation), message))",
                "refusals.append((False, message))",
                QUEUE,
            ),
            (
                "those who took their answers back are reminded",
                " and not response.is_taken_back",
                "",
                QUEUE,
            ),
            (
                "nobody who was written to since somebody looked",
                ".{self.invitation.last_mail or 0}",
                "",
                f"{QUEUE} {STEPS}",
            ),
            (
                "nobody who was reminded since somebody looked",
                ":{self.invitation.reminders}.",
                ":",
                QUEUE,
            ),
        )
    ),
    *(
        Guard(f"settling: {name}", "survey/mailing/settling.py", line, without, tests)
        for name, line, without, tests in (
            (
                "only what is still there",
                "filter(pk=delivery.pk, state__in=states)",
                "filter(pk=delivery.pk)",
                SETTLING,
            ),
            (
                "no mail whose place another took",
                "if others.filter(Q(state__in=UNDER_WAY) | Q(sent_at__gte=delivery.queued_at)).exists():",
                "if not others:",
                SETTLING,
            ),
            (
                "a mail that was put off waits on purpose",
                "Q(attempts=0, queued_at__lt=limit)",
                "Q(queued_at__lt=limit)",
                SETTLING,
            ),
            (
                "whoever answers was asked",
                "    if row.sent_at is None:\n        row.sent_at = link",
                "    if link:\n        row.sent_at = link",
                ARRIVAL,
            ),
            ("only the mail of the link arrived", "mails.filter(claimed_at=link.issued_at)", "mails.filter()", ARRIVAL),
        )
    ),
    *(
        Guard(f"removal: {name}", "survey/recipients/removal.py", line, without, REMOVAL)
        for name, line, without in (
            ("a list that is over stays", "(row.round.state not in CHANGEABLE,", "(False,"),
            ("who has begun to answer stays", '(hasattr(row, "response"),', "(False,"),
            ("who was asked stays", "(row.sent_at,", "(False,"),
            ("who was written to stays", "(row.has_mails,", "(False,"),
        )
    ),
    *(
        Guard(f"steps: {name}", "survey/recipients/steps.py", line, without, STEPS)
        for name, line, without in (
            ("nobody is written to by two tabs", "if choice.mark not in seen:", "if not choice:"),
            ("no mail twice by one press", "if row.deliveries.filter(batch=own_batch).exists():", "if not batch:"),
        )
    ),
    Guard(
        "steps: only those who can be written to are brought back",
        "templates/admin/survey/invitation/deed_question.html",
        "              {% if row.reason %}\n",
        '              <input type="hidden" name="{{ checkbox_name }}" value="{{ row.key }}">{% if row.reason %}\n',
        LIST,
    ),
    *(
        Guard(f"sender: {name}", "survey/mailing/sending.py", line, without, tests)
        for name, line, without, tests in (
            (
                "who may get it is asked again",
                "reason = reason_against(invitation, delivery.kind, at=at)",
                'reason = ""',
                SENDING,
            ),
            (
                "a mail of a killed sender",
                "left.update(state=DeliveryState.UNCLEAR)",
                "left.update(state=DeliveryState.QUEUED)",
                SETTLING,
            ),
            (
                "a mail that was cut off",
                "_end(delivery, DeliveryState.UNCLEAR, _words(error.__cause__",
                "_end(delivery, DeliveryState.QUEUED, _words(error.__cause__",
                SERVER,
            ),
            ("a mail that was put off", "Q(not_before=None) | Q(not_before__lte=at)", "Q()", SERVER),
        )
    ),
    Guard(
        "sender: knows where it was cut off",
        "sih_portal/smtp.py",
        "if self.last_answer == GO_AHEAD:",
        "if not msg:",
        SERVER,
    ),
]
FILES: Final = [
    Guard(
        "list: written as it was shown",
        "survey/recipients/planning.py",
        "if fresh.fingerprint != seen or",
        "if",
        RECIPIENTS,
    ),
    Guard(
        "list: nobody who was asked is renamed",
        "survey/recipients/planning.py",
        "and _was_asked(listed):",
        "and False:",
        RECIPIENTS,
    ),
    *(
        Guard(f"upload: {name}", f"sih_portal/spreadsheets/{path}", line, without, HOSTILE)
        for name, path, line, without in (
            ("document types", "markup.py", "    parser.StartDoctypeDeclHandler = _refuse_doctype\n", ""),
            ("archives that unpack to too much", "archive.py", "or any(map(_is_bomb, members)):", "or False:"),
            ("archives whose members overlap", "archive.py", "        _refuse_overlaps(members, directory)\n", ""),
            ("odd names in archives", "archive.py", "or any(map(_is_odd, members)):", "or False:"),
            ("macros", "archive.py", 'if any(name.rpartition("/")[2] in MACROS for name in names):', "if False:"),
            ("too many elements", "markup.py", "        budget.spend_element()\n", ""),
            ("too many cells", "book.py", "if self.cells > MOST_CELLS or", "if"),
            ("letters that no database holds", "book.py", "if found := UNREADABLE.search(text):", "if found := None:"),
        )
    ),
    Guard(
        "upload: a name nobody knows takes no place of one that was asked",
        "survey/recipients/planning.py",
        "    if named and named.pk == listed.institution_id:",
        "    if not named or named.pk == listed.institution_id:",
        RECIPIENTS,
    ),
    Guard(
        "upload: id and name of one institution",
        "survey/recipients/planning.py",
        "if named and named.pk != known.pk:",
        "if False:",
        RECIPIENTS,
    ),
    Guard(
        "queue: questions about answers that came back already",
        "survey/mailing/queue.py",
        "    if kind == LetterKind.RETURNED:\n",
        "    if False:\n",
        QUEUE,
    ),
    Guard(
        "upload: formulas come back as they were",
        "sih_portal/spreadsheets/cells.py",
        "text if style.has_quote_prefix else unguarded(text)",
        "text",
        f"{RECIPIENTS} tests/sih_portal/test_spreadsheets.py",
    ),
]
ASKING: Final = [*ROOMS, *LINKS, *WORDS, *ONCE, *FILES]
