"""A message centre for tests, on the server half of the PyPI package `smpp34`.

Speaks the same lines as `smsc.js` beside it: options as one JSON object on the first line of
standard input, changes or commands on later lines, one JSON event per line on standard output.
The package accepts any bind and opens no TLS port, so the options about binding, TLS and broken connections
belong to the other peer; asking for one of them is an error.
"""

import asyncio
import json
import sys

import smpp34

OPTIONS = {
    "port": 0,  # must name a port: the package does not tell which free one it took
    "throttle_every": 0,  # every Nth submit is refused with `throttle_status`
    "throttle_status": smpp34.ESME_RTHROTTLED,
    "answer_delay_ms": 0,  # how long a submit waits for its answer
    "silent": False,  # submits are never answered
    "receipt": "DELIVRD",  # final state told in a receipt; None sends none
    "receipt_delay_ms": 0,
    "receipt_early": False,  # the receipt is sent before the answer to its submit
    "receipt_copies": 1,  # how often it is sent
    "message_ids": "words",  # or "hexadecimal" answers with decimal receipts, or "decimal" the other way round
}
RECEIPT_STATES = {"DELIVRD": 2, "EXPIRED": 3, "UNDELIV": 5, "REJECTD": 8}


def spell(number):
    """The id as answer and receipt spell it. Far apart: no decimal one is another's hexadecimal."""
    value = 0xABC000 + number * 7
    match OPTIONS["message_ids"]:
        case "hexadecimal":
            return f"{value:010X}", str(value)
        case "decimal":
            return str(value), f"{value:010X}"
    return f"p{number}", f"p{number}"


def say(**event):
    print(json.dumps(event), flush=True)


class MessageCentre:
    """The bound sessions, and the count that names messages."""

    def __init__(self):
        self.sessions = {}
        self.numbers = {}
        self.submits = 0
        self.unanswered = []  # keeps silent submits alive: a dropped event would answer for itself
        self.tasks = set()

    async def serve(self, server):
        while True:
            event = await server.next()
            if isinstance(event, smpp34.Esme):
                number = self.numbers.setdefault(event.session_id, len(self.numbers) + 1)
                self.sessions[event.session_id] = event
                mode = "transceiver" if event.can_receive else "transmitter"
                say(event="bind", session=number, mode=mode, system_id=event.system_id, status=0)
            elif isinstance(event, smpp34.SubmitSmEvent):
                self.start(self.submit(event))
            elif isinstance(event, smpp34.Unbound):
                self.sessions.pop(event.session_id, None)
                say(event="close", session=self.numbers.get(event.session_id, 0))

    def start(self, work):
        task = asyncio.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def submit(self, event):
        self.submits += 1
        message_id, receipted_id = spell(self.submits)
        every = OPTIONS["throttle_every"]
        status = OPTIONS["throttle_status"] if every and self.submits % every == 0 else 0
        number = self.numbers.get(event.session_id, 0)
        say(
            event="submit",
            session=number,
            status=None if OPTIONS["silent"] else status,
            message_id=message_id,
            source=event.source_addr,
            source_ton=event.source_addr_ton,
            source_npi=event.source_addr_npi,
            destination=event.destination_addr,
            destination_ton=event.dest_addr_ton,
            destination_npi=event.dest_addr_npi,
            esm_class=event.esm_class,
            protocol_id=event.protocol_id,
            data_coding=event.data_coding,
            registered_delivery=event.registered_delivery,
            short_message=event.short_message.hex(),
        )
        if OPTIONS["silent"]:
            self.unanswered.append(event)
            return
        await asyncio.sleep(OPTIONS["answer_delay_ms"] / 1000)
        if status:
            event.reject(status)
            return
        session = self.sessions.get(event.session_id)
        wanted = event.registered_delivery & 1 and OPTIONS["receipt"] and session
        copies = OPTIONS["receipt_copies"] if wanted else 0
        if not OPTIONS["receipt_early"]:
            event.accept(message_id)
            await asyncio.sleep(OPTIONS["receipt_delay_ms"] / 1000)
        for _ in range(copies):
            await self.receipt(session, event, receipted_id, number)
        if OPTIONS["receipt_early"]:
            event.accept(message_id)

    async def receipt(self, session, event, message_id, number):
        """SMPP 3.4, appendix B: the usual text, and the same facts as optional parameters."""
        state = OPTIONS["receipt"]
        text = (
            f"id:{message_id} sub:001 dlvrd:00{int(state == 'DELIVRD')} submit date:2601010000 "
            f"done date:2601010001 stat:{state} err:000 text:"
        )
        answer = await session.deliver_sm(
            event.source_addr,
            text.encode("latin-1"),
            source_addr=event.destination_addr,
            esm_class=0x04,
            tlvs=[
                smpp34.Tlv(smpp34.TLV_RECEIPTED_MESSAGE_ID, message_id.encode() + b"\0"),
                smpp34.Tlv(smpp34.TLV_MESSAGE_STATE, bytes([RECEIPT_STATES[state]])),
            ],
        )
        say(event="receipt", session=number, message_id=message_id, status=answer.command_status)

    async def deliver(self, message):
        for session_id, session in self.sessions.items():
            if session.can_receive:
                answer = await session.deliver_sm(
                    message["destination"],
                    bytes.fromhex(message["short_message"]),
                    source_addr=message["source"],
                    esm_class=message.get("esm_class", 0),
                    data_coding=message.get("data_coding", 0),
                )
                number = self.numbers[session_id]
                say(event="delivered", session=number, status=answer.command_status)
                return

    async def drop(self):
        for session in list(self.sessions.values()):
            await session.unbind()


def configure(changes):
    unknown = set(changes) - set(OPTIONS)
    if unknown:
        sys.exit(f"this message centre has no option {', '.join(sorted(unknown))}")
    OPTIONS.update(changes)


async def main():
    loop = asyncio.get_running_loop()
    read = lambda: loop.run_in_executor(None, sys.stdin.readline)  # noqa: E731
    configure(json.loads(await read()))
    centre = MessageCentre()
    server = smpp34.Server(host="127.0.0.1", port=OPTIONS["port"], system_id="pypi-smpp34")
    await server.start()
    say(event="listening", port=OPTIONS["port"])
    centre.start(centre.serve(server))
    while line := await read():
        changes = json.loads(line)
        if changes.pop("drop", False):
            await centre.drop()
        if message := changes.pop("deliver", None):
            centre.start(centre.deliver(message))
        configure(changes)


asyncio.run(main())
