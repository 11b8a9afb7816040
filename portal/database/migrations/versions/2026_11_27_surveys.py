"""Surveys of classes and of the school, with a bank of questions to begin from"""

import sqlalchemy as sa
from alembic import op

revision = "0039_surveys"
down_revision = "0038_play_patrol"
branch_labels = None
depends_on = None

#: What a school begins from, and words anew as it likes: a face or a word is an answer to each of them.
SMALL = (
    "Er du glad for at gå i skole?",
    "Har du nogen at lege med i frikvarteret?",
    "Er de andre børn søde ved dig?",
    "Må alle være med, når I leger?",
    "Er der en voksen, der hjælper, hvis du bliver ked af det?",
    "Er der ro, så du kan lære noget?",
    "Tør du sige noget, så hele klassen hører det?",
)
BIG = (
    "Jeg har det godt, når jeg er i skole.",
    "Jeg har nogen at være sammen med i pauserne.",
    "Vi taler pænt til hinanden i klassen.",
    "Vi er gode ved hinanden, når vi skriver på nettet.",
    "Jeg kan gå til en voksen på skolen, hvis noget er svært.",
    "Der er ro til at arbejde i timerne.",
    "Jeg tør sige, hvad jeg mener, når de andre hører det.",
    "Nogen gør noget, hvis en af os bliver holdt udenfor.",
)


def upgrade():
    op.create_table(
        "national_measurement",
        sa.Column("school_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("social", sa.Integer(), nullable=True),
        sa.Column("learning", sa.Integer(), nullable=True),
        sa.Column("support", sa.Integer(), nullable=True),
        sa.Column("calm", sa.Integer(), nullable=True),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("calm BETWEEN 10 AND 50", name=op.f("ck_national_measurement_calm_is_a_figure")),
        sa.CheckConstraint("learning BETWEEN 10 AND 50", name=op.f("ck_national_measurement_learning_is_a_figure")),
        sa.CheckConstraint("social BETWEEN 10 AND 50", name=op.f("ck_national_measurement_social_is_a_figure")),
        sa.CheckConstraint("support BETWEEN 10 AND 50", name=op.f("ck_national_measurement_support_is_a_figure")),
        sa.PrimaryKeyConstraint("school_year", name=op.f("pk_national_measurement")),
    )
    op.create_table(
        "survey_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("put_away_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_question")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=True),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_survey_class_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_survey_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_survey_school_year"), ["school_year"], unique=False)

    op.create_table(
        "survey_wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_survey_wording_number_is_positive")),
        sa.ForeignKeyConstraint(["question_id"], ["survey_question.id"], name=op.f("fk_survey_wording_question_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_wording")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_survey_wording_question_id_number")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "class_survey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("band", sa.String(length=40), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=True),
        sa.Column("open_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("children", sa.Integer(), nullable=False),
        sa.Column("answer_count", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("shown_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("words_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_count <= children", name=op.f("ck_class_survey_no_more_answers_than_children")),
        sa.ForeignKeyConstraint(["class_id"], ["school_class.id"], name=op.f("fk_class_survey_class_id")),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_class_survey_survey_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_survey")),
        sa.UniqueConstraint("survey_id", "class_id", name=op.f("uq_class_survey_survey_id_class_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("class_survey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_survey_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_survey_open_until"), ["open_until"], unique=False)

    op.create_table(
        "survey_ask",
        sa.Column("survey_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("wording_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_ask_survey_id")),
        sa.ForeignKeyConstraint(["wording_id"], ["survey_wording.id"], name=op.f("fk_survey_ask_wording_id")),
        sa.PrimaryKeyConstraint("survey_id", "wording_id", name=op.f("pk_survey_ask")),
    )
    with op.batch_alter_table("survey_ask", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_ask_wording_id"), ["wording_id"], unique=False)

    op.create_table(
        "survey_slip",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("class_survey_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["class_survey_id"], ["class_survey.id"], name=op.f("fk_survey_slip_class_survey_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_survey_slip")),
    )
    with op.batch_alter_table("survey_slip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_survey_slip_class_survey_id"), ["class_survey_id"], unique=False)
    texts = [("small", text) for text in SMALL] + [("big", text) for text in BIG]
    question = sa.table("survey_question", sa.column("band"), sa.column("version"))
    wording = sa.table("survey_wording", sa.column("question_id"), sa.column("number"), sa.column("text"))
    for number, (band, text) in enumerate(texts, start=1):  # the tables are new, so their ids begin with 1
        op.execute(question.insert().values(band=band, version=1))
        op.execute(wording.insert().values(question_id=number, number=1, text=text))


def downgrade():
    for table in (
        "survey_slip",
        "survey_ask",
        "class_survey",
        "survey_wording",
        "survey",
        "survey_question",
        "national_measurement",
    ):
        op.drop_table(table)
