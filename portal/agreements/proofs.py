"""What a class's texts prove of the year wheel: that it has talked about them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from portal.agreements.models import AgreementKind, AgreementRenewal, ClassAgreement
from portal.errors import N_
from portal.proofs import Per, Proof


def _renewals(kind: AgreementKind) -> Select[*tuple[Any, ...]]:
    renewed = select(ClassAgreement.class_id, AgreementRenewal.renewed_on).select_from(ClassAgreement)
    return renewed.join(AgreementRenewal, AgreementRenewal.agreement_id == ClassAgreement.id).where(
        ClassAgreement.kind == kind
    )


PROOFS = (
    Proof("class_rules", N_("The class talked about its rules"), Per.CLASS, _renewals(AgreementKind.RULES)),
    Proof(
        "parent_agreements",
        N_("The parents talked about their agreements"),
        Per.CLASS,
        _renewals(AgreementKind.PARENTS),
    ),
)
