"""What comes with the county's answers, put where it belongs on the laptop."""

from ruhu.bundle.answer import Answer
from ruhu.store.standards import take_in_standards
from ruhu.store.store import Store


def note_answer(store: Store, answer: Answer) -> int:
    """Take in an answer: the standards the county has published, then others' revisions and photos.

    Returns how many records it changed. Raises `UserError` where the answer before has not come, or
    standards are not the county's.
    """
    for file in answer.published:
        take_in_standards(store, file, published=True)
    return store.note_answer(answer)
