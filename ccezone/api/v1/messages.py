"""``POST /api/v1/messages``: an official CEB message, bare or in a DxpMsg envelope, optionally gzip-compressed."""

from flask import Response

from ccezone.accounts.rules import Permission
from ccezone.api import examples
from ccezone.api.bodies import demand_media_type, raw_body
from ccezone.api.operations import Media, Resource
from ccezone.api.services import Caller, services
from ccezone.api.v1.intake import refuse_unreadable, store
from ccezone.bills.ports import UnreadableDelivery
from schemas.rest.answers import Delivery
from schemas.rest.words import Words

TAKEN = ("application/xml", "text/xml")
RESOURCE = Resource("报文", "Messages")
_SHAPE = {"type": "string"}


@RESOURCE.post(
    "/messages",
    "postMessage",
    Words("报送官方报文", "Send an official message"),
    details=Words(
        "CEB303、403、505、311、411、511，可带 DxpMsg 信封，可用 gzip 压缩。接收落盘后答复 202，逐份说明接受或退回。",
        "CEB303, 403, 505, 311, 411, 511, bare or in a DxpMsg envelope, gzip if you like. 202 once it is durable, with what "
        "became of every document.",
    ),
    permission=Permission.BILLS_WRITE,
    media=[Media(media_type, _SHAPE, examples.MESSAGES) for media_type in TAKEN],
    status=202,
    links=[("getBatch", "batch_id", "/batch")],
    answer=Delivery,
)
def post_message(by: Caller) -> Response:
    """Take one message in; 202 once it is durable."""
    demand_media_type(TAKEN)
    try:
        batch = services().deliveries.message(raw_body())
    except UnreadableDelivery as error:
        raise refuse_unreadable(error) from error
    return store(batch, by)
