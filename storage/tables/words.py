"""What the site has made its own: codebooks and words. Nothing here is about a recording."""

# No postponed annotations here: SQLModel resolves them at class creation.

from datetime import datetime

from sqlmodel import Field, SQLModel


class CodebookRow(SQLModel, table=True):
    """One edition of a codebook as the site has changed it. Rows are only added."""

    __tablename__ = "codebooks"
    codebook: str = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    version: int
    made_by: str
    made_at: datetime
    table_json: str


class VocabularyRow(SQLModel, table=True):
    """One edition of the words that a language's recognizer is told. Rows are only added."""

    __tablename__ = "vocabularies"
    language: str = Field(primary_key=True)
    edition: int = Field(primary_key=True)
    made_by: str
    made_at: datetime
    words: str
