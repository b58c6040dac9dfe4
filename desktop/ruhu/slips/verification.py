"""Describe what a slip's code proves, in sentences an officer can read out."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from ruhu.i18n import BilingualText
from ruhu.policy.evaluation.finding import Outcome
from ruhu.policy.packs.loader import load_packs
from ruhu.slips.token import IssuingDevice, Token, TokenRefused, Verdict, read_token


class VerificationResult(NamedTuple):
    """What a code proves and, if the device is known, its content."""

    verdict: Verdict
    token: Token | None = None

    @property
    def text(self) -> BilingualText:
        """The verdict, followed by the slip's housing results."""
        if self.token is None:
            return self.verdict.label
        content = self.token.content
        summary = BilingualText(
            "{verdict}；卡号 {n}，户编号 {h}，核对日 {d}，{p}，调查员 {who}",
            "{verdict}; slip {n}, household {h}, checked on {d}, {p}, by {who}",
        ).format(
            verdict=self.verdict.label,
            who=self.token.issuer.surveyor,
            p=_notice(str(content.get("p", ""))),
            **{key: str(content.get(key, "")) for key in "nhd"},
        )
        rules = {rule.id: rule.title for pack in load_packs() for rule in pack.rules}
        zh, en = [summary.zh], [summary.en]
        for rule, answer in content.get("o", {}).items():
            if rule in rules and isinstance(answer, list) and answer:
                outcome = Outcome(answer[0]).label
                figures = " ".join(str(figure) for figure in answer[1:] if figure)
                zh.append(f"  {rules[rule].zh}：{outcome.zh} {figures}".rstrip())
                en.append(f"  {rules[rule].en}: {outcome.en} {figures}".rstrip())
        return BilingualText("\n".join(zh), "\n".join(en))


def _notice(name: str) -> BilingualText:
    """Return the notice of a policy version, by the version's name."""
    return next((pack.title for pack in load_packs() if pack.id == name), BilingualText(name, name))


def verify_slip(
    code: str, find_issuer: Callable[[UUID], IssuingDevice | None]
) -> VerificationResult:
    """Verify a slip's code against the devices that the county knows."""
    try:
        return VerificationResult(Verdict.GENUINE, read_token(code, find_issuer))
    except TokenRefused as refused:
        return VerificationResult(refused.verdict, refused.token)
