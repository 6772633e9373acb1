"""What the machine has learned at this site: told in numbers, and forgotten by an administrator."""

from review_app.permissions import check_may_forget_what_was_learned
from storage import audit, lessons
from storage.records import User
from storage.transaction import Transaction


def forget_what_was_learned(tx: Transaction, user: User) -> int:
    """Forget all that verdicts have taught, for good, and return how many that were.

    Raises:
        Denied: The person is no administrator.
    """
    check_may_forget_what_was_learned(user)
    count = lessons.forget_all(tx)
    audit.append(
        tx, actor=user.id, action="lessons_forgotten", subject="lessons", detail={"count": count}
    )
    return count
