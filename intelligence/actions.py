"""The names of intelligence's own tasks: services ring them, intelligence/tasks.py answers."""

import enum


class Bell(enum.StrEnum):
    """One task of the workers."""

    CHECKS_ANSWER = "intelligence.checks_answer"
    DECISIONS_REFLECT = "intelligence.decisions_reflect"
