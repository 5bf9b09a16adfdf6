"""Talking to the receiving team's intake API: one request at a time, signed, with limits on time and size."""

from __future__ import annotations

from datetime import timedelta
from typing import TypeVar

import aiohttp
from pydantic import BaseModel, ConfigDict, ValidationError

from referrals.intake import (
    ANSWERS_PATH,
    EVENTS_PATH,
    IDEMPOTENCY_HEADER,
    REFERRALS_PATH,
    AnswerDelivery,
    ReferralDelivery,
    SignedReceipt,
)
from referrals.relay.errors import (
    Busy,
    DeliveryError,
    NotSetUp,
    Overloaded,
    Poisoned,
    ReceiptNotTrue,
    Refused,
    Unreachable,
    Unreadable,
)
from referrals.store.outbox import Item
from referrals.store.tables import Kind
from sealing import ReceiptWrong, sign_request, verify_receipt

_MOST_ANSWER_BYTES = 1024 * 1024
_Model = TypeVar("_Model", bound=BaseModel)


class EventsAnswer(BaseModel):
    """A page of events before each is looked at: one that cannot be read must not hide the others."""

    model_config = ConfigDict(hide_input_in_errors=True)

    events: list[dict[str, object]]


class IntakeClient:
    """Deliveries to ``address`` (no trailing slash), each within ``limit`` from first to last byte."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        address: str,
        secret: bytes,
        receipt_public: bytes,
        limit: timedelta = timedelta(seconds=10),
    ) -> None:
        self._session = session
        self._address = address
        self._secret = secret
        self._receipt_public = receipt_public
        self.limit = limit

    async def deliver(self, item: Item) -> SignedReceipt:
        """Send ``item`` and return the receipt, checked. Raises :class:`DeliveryError`."""
        path, body = _as_request(item)
        answer = await self._request("POST", path, body, {IDEMPOTENCY_HEADER: item.item})
        signed = _read(SignedReceipt, answer)
        receipt = signed.receipt
        if (receipt.reference, receipt.digest) != (item.reference, item.digest):
            raise ReceiptNotTrue(f"the receipt for {item.item} is for another referral or other content")
        try:
            verify_receipt(self._receipt_public, receipt.model_dump(), signed.signature)
        except ReceiptWrong as wrong:
            raise ReceiptNotTrue(f"{wrong}: {item.item}") from None
        return signed

    async def events(self, after: int) -> EventsAnswer:
        """The next statuses above ``after``. Raises :class:`DeliveryError`."""
        return _read(EventsAnswer, await self._request("GET", f"{EVENTS_PATH}?after={after}", b"", {}))

    async def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
        headers |= sign_request(self._secret, method, path, body)
        if body:
            headers["Content-Type"] = "application/json"
        try:
            async with self._session.request(
                method,
                self._address + path,
                data=body or None,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=self.limit.total_seconds()),
                allow_redirects=False,
            ) as response:
                answer = await _read_up_to(response, _MOST_ANSWER_BYTES)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(f"no answer from the receiving team's system ({type(error).__name__})") from None
        problem = error_for(response.status, response.headers.get("Retry-After"))
        if problem is not None:
            raise problem
        return answer


def error_for(status: int, retry_after: str | None = None) -> DeliveryError | None:
    """What an HTTP status means for a delivery; None where it went well."""
    message = f"the receiving team's system answered {status}"
    if 200 <= status < 300:
        return None
    if status in {408, 409, 425, 429} or status >= 500:
        seconds = int(retry_after) if retry_after and retry_after.isascii() and retry_after.isdigit() else 0
        kind = Overloaded if status in {429, 503} else Busy
        return kind(message, timedelta(seconds=min(seconds, 3600)))
    if status < 400 or status in {401, 403, 404, 405}:
        return NotSetUp(f"{message}: look at its address, the shared secret and both clocks")
    return Refused(message)


async def _read_up_to(response: aiohttp.ClientResponse, most: int) -> bytes:
    whole = b""
    async for chunk in response.content.iter_chunked(64 * 1024):
        whole += chunk
        if len(whole) > most:
            raise Unreadable("the answer is longer than any answer of the intake API")
    return whole


def _read(model: type[_Model], answer: bytes) -> _Model:
    try:
        return model.model_validate_json(answer)
    except ValidationError:
        raise Unreadable("the answer is not of the intake API: is something else at its address?") from None


def _as_request(item: Item) -> tuple[str, bytes]:
    delivery: ReferralDelivery | AnswerDelivery
    try:
        if item.kind == Kind.REFERRAL:
            path = REFERRALS_PATH
            delivery = ReferralDelivery(
                reference=item.reference, story=item.first, people=item.second or b"", digest=item.digest
            )
        elif item.kind == Kind.ANSWER:
            path = ANSWERS_PATH
            delivery = AnswerDelivery(
                reference=item.reference, answer_id=item.item, answer=item.first, digest=item.digest
            )
        else:
            raise Poisoned(f"the outbox row {item.item} is of a kind that this software does not know")
    except ValidationError:
        raise Poisoned(f"the outbox row {item.item} is damaged and cannot be sent") from None
    return path, delivery.model_dump_json().encode()
