"""phoenix-channels-python-client against a running `conformance` example, with both versions of the protocol: connects,
joins, pushes with a reply, hears what the server and what another client sends, and leaves. Takes the address of the
socket."""

import asyncio
import sys

from phoenix_channels_python_client.client import PHXChannelsClient
from phoenix_channels_python_client.protocol_handler import PhoenixChannelsProtocolVersion
from phoenix_channels_python_client.utils import make_message

LIMIT = 10


class Member:
    """A client in a room. The client has no method to push, so this writes the message as the client writes its own."""

    def __init__(self, client, topic):
        self.client = client
        self.topic = topic
        self.received = asyncio.Queue()

    async def join(self):
        async def receive(message):
            await self.received.put(message)

        await self.client.subscribe_to_topic(self.topic, receive)

    async def push(self, event, payload, ref):
        join_ref = self.client.get_current_subscriptions()[self.topic].join_ref
        message = make_message(event, self.topic, ref=ref, payload=payload, join_ref=join_ref)
        await self.client.get_protocol_handler().send_message(self.client.connection, message)

    async def receives(self, event):
        """The payload of the next message with this event."""
        while True:
            message = await asyncio.wait_for(self.received.get(), LIMIT)
            if str(getattr(message.event, "value", message.event)) == event:
                return message.payload


async def check(url, version):
    topic = f"rooms:python-{version.vsn}"
    options = {"protocol_version": version, "auto_reconnect": False}
    async with PHXChannelsClient(url, "", **options) as first, PHXChannelsClient(url, "", **options) as second:
        ann, bob = Member(first, topic), Member(second, topic)
        await ann.join()
        await bob.join()
        await ann.push("echo", {"text": "Grüße"}, "71")
        reply = await ann.receives("phx_reply")
        assert reply == {"status": "ok", "response": {"text": "Grüße"}}, reply
        await ann.push("push_me", {"n": 1}, "72")
        assert await ann.receives("pushed") == {"n": 1}
        if version == PhoenixChannelsProtocolVersion.V1:
            # With version 2 the client drops what carries no join_ref, and so every broadcast.
            await ann.push("shout", {"n": 2}, "73")
            assert await bob.receives("shout") == {"n": 2}
            assert await ann.receives("shout") == {"n": 2}
        await first.unsubscribe_from_topic(topic)
        assert not first.is_topic_joined(topic)


async def main(url):
    for version in PhoenixChannelsProtocolVersion:
        await asyncio.wait_for(check(url, version), 6 * LIMIT)
    print("phoenix-channels-python-client: passed")


asyncio.run(main(sys.argv[1]))
