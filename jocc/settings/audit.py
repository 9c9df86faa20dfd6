"""Sealing of the record: where the key lies, and where the roots are published (docs/audit.md)."""

from jocc.settings.environment import env

#: The private key that seals, outside the database; only the scheduler needs it.
AUDIT_KEY_FILE = env.str("JOCC_AUDIT_KEY_FILE", "")
#: The folder to which each agency's roots are appended, best on another machine that lets nothing be rewritten.
AUDIT_PUBLISH_DIR = env.str("JOCC_AUDIT_PUBLISH_DIR", "")
#: A block is sealed every so many seconds.
AUDIT_SEAL_EVERY_S = env.float("JOCC_AUDIT_SEAL_EVERY_S", 5.0)
