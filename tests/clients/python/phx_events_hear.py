"""phx-events against a running `conformance` example: joins two topics with version 1, whose JSON it sends in binary
frames, and hears what another client sends to them. It has no way to push. Takes the address of the socket."""

import asyncio
import json
import sys

import websockets
from phx_events.client import PHXChannelsClient

LIMIT = 10
TOPICS = [f"rooms:phx-events-{n}" for n in (1, 2)]


async def speak(url):
    """Another client, which speaks version 2 to all of the topics."""
    async with websockets.connect(f"{url}?vsn=2.0.0") as websocket:
        for ref, topic in enumerate(TOPICS):
            for event, payload in [("phx_join", {}), ("shout", {"text": "Grüße"})]:
                await websocket.send(json.dumps([str(ref), str(ref), topic, event, payload]))
                await websocket.recv()


async def check(url):
    heard = asyncio.Queue()

    async def hear(message, _client):
        await heard.put((message.topic, message.payload))

    async with PHXChannelsClient(url) as client:
        joined = [client.register_topic_subscription(topic) for topic in TOPICS]
        client.register_event_handler("shout", [hear])
        processing = asyncio.ensure_future(client.start_processing())
        for event in joined:
            await asyncio.wait_for(event.wait(), LIMIT)
        await asyncio.wait_for(speak(url), LIMIT)
        for topic in TOPICS:
            message = await asyncio.wait_for(heard.get(), LIMIT)
            assert message == (topic, {"text": "Grüße"}), message
        processing.cancel()
        await asyncio.gather(processing, return_exceptions=True)
    print("phx-events: passed")


asyncio.run(asyncio.wait_for(check(sys.argv[1]), 6 * LIMIT))
