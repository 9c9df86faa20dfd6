"""The names of intelligence's own tasks: services ring them, intelligence/tasks.py answers."""

import enum


class Bell(enum.StrEnum):
    """One task of the workers."""

    ACCESS_CARRY = "intelligence.access_answers_carry"
    ACCESS_ROUTE = "intelligence.access_requests_route"
    CHECKS_ANSWER = "intelligence.checks_answer"
    DECISIONS_REFLECT = "intelligence.decisions_reflect"
